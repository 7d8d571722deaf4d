package io.switchboard.session;

/**
 * A rate limit that forgives bursts: a bucket that fills at a steady rate up to a brim and gives
 * one token to each request. Safe for use by many threads.
 */
public final class TokenBucket {
  private final double perNano;
  private final double brim;

  /** Guarded by this. */
  private double tokens;

  /** When {@link #tokens} was right. Guarded by this. */
  private long at;

  /**
   * Makes a full one.
   *
   * @param rate tokens per second
   * @param burst how many it holds
   * @param now nanoseconds of a monotonic clock
   */
  public TokenBucket(int rate, int burst, long now) {
    perNano = rate / 1e9;
    brim = burst;
    tokens = burst;
    at = now;
  }

  /** Takes a token and returns true, or returns false when there is none. */
  public synchronized boolean take(long now) {
    if (!has(now)) {
      return false;
    }
    tokens--;
    return true;
  }

  /** Returns whether there is a token, and leaves it there. */
  public synchronized boolean has(long now) {
    tokens = Math.min(brim, tokens + Math.max(0, now - at) * perNano);
    at = now;
    return tokens >= 1;
  }
}
