package io.switchboard.session;

import java.util.Optional;

/** Says on which connections what they carry is to be counted. Safe for use by many threads. */
public interface Metering {
  /** On none. */
  Metering NONE = key -> Optional.empty();

  /**
   * Returns what counts the frames of a WebSocket that is being opened, if anything does.
   *
   * @param key its {@code Sec-WebSocket-Key}
   */
  Optional<FrameMeter> frames(String key);
}
