package io.switchboard.session;

/**
 * Counts what one WebSocket carries, and what that costs. Safe for use by many threads.
 *
 * <p>Lengths are of payloads, in bytes; how many more a frame has is the meter's to know.
 */
public interface FrameMeter {
  /** A message or a control frame came from the client. */
  void received(long payload);

  /** One frame was given to the container for the client. */
  void sent(long payload);

  /** Returns a mark of what the calling thread has used so far. */
  long mark();

  /** Counts what the calling thread has used since {@code mark}, which it took itself. */
  void used(long mark);
}
