package io.switchboard.session;

/**
 * The message of a client of which parts have come and the rest has not: what it holds of the
 * {@link Budget}, and since when. Safe for use by many threads.
 */
final class Unfinished {
  private final Budget budget;

  // Guarded by this.
  private int held;
  private long since;

  Unfinished(Budget budget) {
    this.budget = budget;
  }

  /** Notes that {@code bytes} are held at {@code now}; 0 when there is no such message. */
  void hold(int bytes, long now) {
    synchronized (this) {
      if (held == 0) {
        since = now;
      }
      budget.add(bytes - held);
      held = bytes;
    }
  }

  /** Returns whether there is one that has taken {@code limit} nanoseconds or more. */
  synchronized boolean isOlder(long now, long limit) {
    return held > 0 && now - since >= limit;
  }
}
