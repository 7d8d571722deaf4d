package io.switchboard.wire;

/** The server has ended the TCP connection, with a FIN or with a reset. */
final class PeerGone extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean reset;

  PeerGone(boolean reset) {
    super(reset ? "the server reset the connection" : "the server ended the connection");
    this.reset = reset;
  }

  boolean reset() {
    return reset;
  }
}
