package io.switchboard.concurrent;

/**
 * Watches over work that hardly ever waits for a peer, so that a few threads can do it: while one
 * of them does wait, another takes its place.
 *
 * <p>Safe for use by many threads.
 */
public interface WaitWatch {
  /** Returns whether one more thread may risk to wait. */
  boolean mayWait();

  /**
   * Runs {@code work}, which may have to wait, on this thread.
   *
   * @return for how long it ran, in nanoseconds
   */
  long run(Runnable work);
}
