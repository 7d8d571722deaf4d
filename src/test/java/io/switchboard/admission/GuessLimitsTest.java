package io.switchboard.admission;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GuessLimitsTest {
  @Test
  void whoGuessesTooOftenIsNotListenedToForAWhile() {
    FakeTime time = new FakeTime();
    GuessLimits limits = new GuessLimits(2, time);
    for (int i = 0; i < 20; i++) {
      assertTrue(limits.allows("a"));
      assertTrue(limits.allows("a"), "being right costs nothing");
      limits.wrong("a");
    }
    assertFalse(limits.allows("a"));
    assertTrue(limits.allows("b"));
    time.pass(Duration.ofMillis(500));
    assertTrue(limits.allows("a"));
    limits.wrong("a");
    assertFalse(limits.allows("a"));
    time.pass(Duration.ofHours(1));
    assertTrue(limits.allows("a"));
  }
}
