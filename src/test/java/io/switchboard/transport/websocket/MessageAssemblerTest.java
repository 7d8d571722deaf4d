package io.switchboard.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageAssemblerTest {
  private final MessageAssembler assembler = new MessageAssembler(10);

  /** Adds a part as containers do, which use the same buffer for the next one. */
  private Optional<ByteBuffer> add(boolean last, int... bytes) {
    ByteBuffer part = ByteBuffer.allocate(bytes.length);
    for (int one : bytes) {
      part.put((byte) one);
    }
    Optional<ByteBuffer> message = assembler.add(part.flip(), last);
    if (!last) {
      java.util.Arrays.fill(part.array(), (byte) 99);
    }
    return message;
  }

  @Test
  void bytesArePutTogetherInOrderAndEachMessageBeginsAnew() {
    for (int round = 0; round < 2; round++) {
      assertEquals(Optional.empty(), add(false, 1, 2));
      assertEquals(Optional.empty(), add(false));
      assertEquals(Optional.empty(), add(false, 3));
      assertEquals(Optional.of(ByteBuffer.wrap(new byte[] {1, 2, 3, 4})), add(true, 4));
    }
    assertEquals(Optional.of(ByteBuffer.wrap(new byte[] {5})), add(true, 5));
    assertEquals(Optional.of(ByteBuffer.allocate(0)), add(true));
  }

  @Test
  void theLimitIsThatOfTheWholeMessage() {
    assertTrue(assembler.count(6, false));
    assertEquals(6, assembler.held());
    assertTrue(assembler.count(4, true));
    assertEquals(0, assembler.held());
    assertTrue(assembler.count(6, false));
    assertFalse(assembler.count(5, true));
  }

  @Test
  void emptyPartsAreCountedForEachMessage() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < MessageAssembler.MAX_EMPTY; i++) {
        assertTrue(assembler.count(0, false));
      }
      assertTrue(assembler.count(1, true));
    }
    for (int i = 0; i < MessageAssembler.MAX_EMPTY; i++) {
      assertTrue(assembler.count(0, false));
    }
    assertFalse(assembler.count(0, false));
  }
}
