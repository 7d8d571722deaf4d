package io.switchboard.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes all sessions of this node together may hold for peers that are slow: queued frames
 * and messages of which parts are missing. Safe for use by many threads.
 */
public final class Budget {
  private final long max;
  private final AtomicLong spent = new AtomicLong();

  /** Makes one of {@code max} bytes. */
  public Budget(long max) {
    this.max = max;
  }

  /** Adds to what is held; a negative number gives back. */
  public void add(long bytes) {
    spent.addAndGet(bytes);
  }

  /** Returns whether nothing is left. */
  public boolean isSpent() {
    return spent.get() >= max;
  }

  /** Returns how many bytes may be held. */
  public long max() {
    return max;
  }

  /** Returns how many bytes are held. */
  public long spent() {
    return spent.get();
  }
}
