package io.switchboard.session;

import java.time.Duration;

/**
 * How a node sends its clients away.
 *
 * @param window over how long many clients spread their leaving; zero for all at once
 * @param timeout how long after the beginning the node may go down, whoever is left
 */
public record DrainSettings(Duration window, Duration timeout) {
  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if the timeout is shorter than the window
   */
  public DrainSettings {
    if (timeout.compareTo(window) < 0) {
      throw new IllegalArgumentException("the timeout is shorter than the window");
    }
  }
}
