package io.switchboard.session;

import io.switchboard.protocol.ErrorCode;

/**
 * Hears what sessions do, to count it. Called on any thread, also on the hot path: must be fast.
 */
public interface SessionMeter {
  /** Counts for nobody. */
  SessionMeter NONE =
      new SessionMeter() {
        private final Flow flow = new Flow("");

        @Override
        public Flow flow(String transport) {
          return flow;
        }

        @Override
        public void opened(ClientSession session) {}

        @Override
        public void closed(ClientSession session, int code) {}

        @Override
        public void refused(ErrorCode code) {}

        @Override
        public void told(long nanos) {}
      };

  /** Returns what counts the messages of a transport, by the name that it gives itself. */
  Flow flow(String transport);

  /** A session has begun. */
  void opened(ClientSession session);

  /**
   * The connection of a session is gone; once for each session that was opened.
   *
   * @param code the close code, be it ours or the peer's
   */
  void closed(ClientSession session, int code);

  /** A command was answered with an error. */
  void refused(ErrorCode code);

  /**
   * A publication is being written to one client.
   *
   * @param nanos since it was handed in
   */
  void told(long nanos);
}
