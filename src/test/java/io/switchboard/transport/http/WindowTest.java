package io.switchboard.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
  private final Window window = new Window();

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      window.add("{}", 2);
    }
  }

  private List<Long> numbers(long after, int maxBytes) {
    return window.after(after, maxBytes).stream().map(Window.Message::number).toList();
  }

  @Test
  void messagesAreNumberedFromOneWithoutHoles() {
    assertEquals(0, window.last());
    add(3);
    assertEquals(List.of(1L, 2L, 3L), numbers(0, 100));
    assertEquals(List.of(3L), numbers(2, 100));
    assertEquals(List.of(), numbers(3, 100));
  }

  @Test
  void whatWasAcknowledgedIsForgotten() {
    add(3);
    window.acknowledge(2);
    assertEquals(2 + Window.OVERHEAD, window.bytes());
    assertEquals(List.of(3L), numbers(0, 100));
    window.acknowledge(1); // late
    assertEquals(2, window.acknowledged());
    window.acknowledge(3);
    assertEquals(0, window.bytes());
    add(1);
    assertEquals(List.of(4L), numbers(3, 100));
  }

  @Test
  void oneMessageIsHandedOutHoweverLongItIs() {
    window.add("x".repeat(100), 100);
    add(2);
    assertEquals(List.of(1L), numbers(0, 10));
    assertEquals(List.of(2L, 3L), numbers(1, 4));
    assertEquals(List.of(2L), numbers(1, 2));
  }

  @Test
  void whatWasSentMayBeForgottenAndWhatWasNotIsKept() {
    add(10);
    window.trim(7, 4 * (2 + Window.OVERHEAD));
    assertEquals(List.of(7L, 8L, 9L, 10L), numbers(0, 100));
    window.trim(7, 0);
    assertEquals(List.of(8L, 9L, 10L), numbers(0, 100));
    assertTrue(window.holdsAfter(7));
    assertFalse(window.holdsAfter(6), "7 was sent, and may have been lost");
  }

  @Test
  void aRequestThatComesLateIsNoLoss() {
    add(5);
    window.acknowledge(4);
    assertTrue(window.holdsAfter(1), "the client said that it has 4");
  }

  @Test
  void charactersBeyondAsciiCountWhatTheyHoldInMemory() {
    window.add("xxx\u20ac", 6);
    assertEquals(8 + Window.OVERHEAD, window.bytes());
  }
}
