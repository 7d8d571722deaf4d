package io.switchboard.session;

/** Counts a client's mistakes. Used by one thread at a time: the one that receives. */
final class BadMessages {
  /** So many of them within {@link #WINDOW_NANOS} are too many. */
  static final int LIMIT = 20;

  static final long WINDOW_NANOS = 10_000_000_000L;

  /** A ring of the times of the last mistakes; made when the first one happens. */
  private long[] times = {};

  private int count;

  /** Notes a mistake and returns whether it was one too many. */
  boolean isTooMany(long now) {
    if (times.length == 0) {
      times = new long[LIMIT];
    }
    times[count++ % LIMIT] = now;
    return count >= LIMIT && now - times[count % LIMIT] <= WINDOW_NANOS;
  }
}
