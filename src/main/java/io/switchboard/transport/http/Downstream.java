package io.switchboard.transport.http;

/**
 * The request by which a client listens at the moment. Safe for use by many threads; nothing here
 * waits.
 */
interface Downstream {
  /** Something is there to be told, or the connection has ended. */
  void wake();

  /** Another request has taken its place. */
  void replaced();

  /** Looks after it, about once a second. */
  void beat(long now);

  /** Ends it as it is. */
  void abort();

  /** The container has ended it. */
  void ended();
}
