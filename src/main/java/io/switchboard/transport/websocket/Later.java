package io.switchboard.transport.websocket;

/** Runs tasks somewhat later. Safe for use by many threads. */
@FunctionalInterface
public interface Later {
  /** Has {@code task} run soon, on a thread that may wait for a peer; not at all after the end. */
  void run(Runnable task);
}
