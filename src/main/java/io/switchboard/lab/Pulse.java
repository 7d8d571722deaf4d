package io.switchboard.lab;

import java.time.Duration;

/** Calls again and again. The calls must not wait for anything. */
@FunctionalInterface
public interface Pulse {
  /**
   * Calls {@code task} once every {@code period}, the first time after one, on a thread of its own.
   *
   * @return ends that
   */
  Runnable every(Duration period, Runnable task);
}
