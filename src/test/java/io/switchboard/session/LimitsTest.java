package io.switchboard.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private final FakeTime time = new FakeTime();

  @Test
  void aBucketGivesItsBurstAndThenItsRate() {
    TokenBucket bucket = new TokenBucket(200, 1_000, time.getAsLong());
    int taken = 0;
    while (bucket.take(time.getAsLong())) {
      taken++;
    }
    assertEquals(1_000, taken);
    time.pass(Duration.ofMillis(5));
    assertTrue(bucket.take(time.getAsLong()));
    assertFalse(bucket.take(time.getAsLong()));
  }

  @Test
  void aBucketNeverHoldsMoreThanItsBurst() {
    TokenBucket bucket = new TokenBucket(200, 3, time.getAsLong());
    time.pass(Duration.ofDays(1));
    for (int i = 0; i < 3; i++) {
      assertTrue(bucket.take(time.getAsLong()));
    }
    assertFalse(bucket.take(time.getAsLong()));
  }

  @Test
  void theTwentiethBadMessageInTenSecondsIsTooMany() {
    BadMessages bad = new BadMessages();
    for (int i = 0; i < 19; i++) {
      assertFalse(bad.isTooMany(time.getAsLong()));
      time.pass(Duration.ofMillis(500));
    }
    assertTrue(bad.isTooMany(time.getAsLong()));
  }

  @Test
  void badMessagesFarBetweenAreForgiven() {
    BadMessages bad = new BadMessages();
    for (int i = 0; i < 1_000; i++) {
      assertFalse(bad.isTooMany(time.getAsLong()));
      time.pass(Duration.ofMillis(530));
    }
  }
}
