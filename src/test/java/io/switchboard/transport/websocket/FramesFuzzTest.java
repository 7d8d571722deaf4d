package io.switchboard.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Bytes of a client on their way to a message. See {@code src/test/fuzz}. */
class FramesFuzzTest {
  private static final int LIMIT = 64;

  /** What is masked arrives as it was sent, and nothing else, however the bytes are cut. */
  @FuzzTest
  void masks(FuzzedDataProvider data) {
    int[] cuts = data.consumeInts(8);
    byte[] sent = data.consumeRemainingAsBytes();
    byte[] whole = sent.clone();
    new MaskScanner().scan(whole, 0, whole.length);
    byte[] cut = sent.clone();
    MaskScanner scanner = new MaskScanner();
    int at = 0;
    for (int next : cuts) {
      int count = Math.floorMod(next, 20) % (sent.length - at + 1);
      scanner.scan(cut, at, count);
      at += count;
    }
    scanner.scan(cut, at, sent.length - at);
    int bare = firstBareLength(sent);
    if (bare < 0) {
      assertArrayEquals(sent, whole);
      assertArrayEquals(sent, cut);
      return;
    }
    for (int i = 0; i < bare - 1; i++) {
      assertEquals(sent[i], whole[i], "changed before the frame that has no mask");
      assertEquals(sent[i], cut[i]);
    }
    for (int i = bare; i < sent.length; i++) {
      assertEquals((i - bare) % 2 == 0 ? 0 : (byte) 0xF0, whole[i], "let through without a mask");
      assertEquals(whole[i], cut[i]);
    }
    assertEquals((byte) 0xF0, whole[bare - 1]);
  }

  /** Returns where the length of the first frame stands that has no mask, told from the RFC. */
  private static int firstBareLength(byte[] sent) {
    ByteBuffer in = ByteBuffer.wrap(sent);
    while (in.remaining() >= 2) {
      in.get();
      int second = in.get();
      if ((second & 0x80) == 0) {
        return in.position() - 1;
      }
      int size = second & 0x7F;
      int more = size == 126 ? 2 : size == 127 ? 8 : 0;
      if (in.remaining() < more) {
        return -1;
      }
      long length = size == 126 ? in.getShort() & 0xFFFF : size == 127 ? in.getLong() : size;
      if (length < 0 || length > in.remaining() - 4L) {
        // A length with its highest bit set is for the container to refuse; it counts as none.
        if (length >= 0) {
          return -1;
        }
        length = 0;
        if (in.remaining() < 4) {
          return -1;
        }
      }
      in.position(in.position() + 4 + (int) length);
    }
    return -1;
  }

  /** A message is the sum of its parts, is never longer than allowed, and ends with its last. */
  @FuzzTest
  void messages(FuzzedDataProvider data) {
    MessageAssembler assembler = new MessageAssembler(LIMIT);
    ByteArrayOutputStream sum = new ByteArrayOutputStream();
    StringBuilder text = new StringBuilder();
    boolean bytes = data.consumeBoolean();
    int size = 0;
    int empty = 0;
    while (data.remainingBytes() > 0) {
      boolean last = data.consumeBoolean();
      byte[] part = data.consumeBytes(data.consumeInt(0, 24));
      String words = new String(part, StandardCharsets.ISO_8859_1);
      int length = bytes ? part.length : MessageAssembler.utf8Length(words);
      assertTrue(bytes || length == words.getBytes(StandardCharsets.UTF_8).length);
      size += length;
      empty += length == 0 ? 1 : 0;
      boolean fits = assembler.count(length, last);
      assertEquals(size <= LIMIT && empty <= MessageAssembler.MAX_EMPTY, fits);
      assertTrue(assembler.held() <= LIMIT);
      if (!fits) {
        return; // the connection is closed
      }
      assertEquals(last ? 0 : size, assembler.held());
      sum.writeBytes(part);
      text.append(words);
      if (bytes) {
        ByteBuffer own = ByteBuffer.wrap(part);
        Optional<ByteBuffer> message = assembler.add(own, last);
        assertEquals(last, message.isPresent());
        message.ifPresent(whole -> assertEquals(ByteBuffer.wrap(sum.toByteArray()), whole));
        Arrays.fill(part, (byte) 7); // containers use their buffers again
      } else {
        assertEquals(
            last ? Optional.of(text.toString()) : Optional.empty(), assembler.add(words, last));
      }
      if (last) {
        size = 0;
        empty = 0;
        sum.reset();
        text.setLength(0);
      }
    }
  }
}
