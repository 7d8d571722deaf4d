package io.switchboard.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A clock that goes on only when it is told to. Also a monotonic one, in nanoseconds. */
public final class FakeTime extends Clock implements LongSupplier {
  /** When it begins. */
  public static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

  private Duration passed = Duration.ZERO;

  /** Lets {@code duration} pass. */
  public void pass(Duration duration) {
    passed = passed.plus(duration);
  }

  @Override
  public long getAsLong() {
    return passed.toNanos();
  }

  @Override
  public Instant instant() {
    return START.plus(passed);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("only UTC");
  }
}
