package io.switchboard.wire;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A moment by which something must have been seen: every wait of the suite is bounded by one. */
record Deadline(long nanoTime, Duration given) {
  /** Long enough for a busy build machine, short enough to notice that nothing comes. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos(), time);
  }

  static Deadline patient() {
    return in(PATIENCE);
  }

  /** Polls {@code condition} until it holds; false when the deadline came first. */
  boolean until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (passed()) {
        return false;
      }
      LockSupport.parkNanos(2_000_000);
    }
    return true;
  }

  boolean passed() {
    return System.nanoTime() - nanoTime >= 0;
  }

  /** What is left in whole milliseconds, at least 1: a socket timeout of 0 would wait for ever. */
  int millis() {
    long left = TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime());
    return (int) Math.max(1, left);
  }
}
