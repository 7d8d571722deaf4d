package io.switchboard.session;

import io.switchboard.protocol.Input;

/** Who acts on what clients do. Called on container threads, one call at a time for a session. */
public interface Inbound {
  /** A session began; nothing was said yet. */
  void opened(ClientSession session);

  /** A client said something. Must not block. */
  void received(ClientSession session, Input input);

  /** A session ended; called once, maybe while {@link #received} still runs. */
  void closed(ClientSession session);
}
