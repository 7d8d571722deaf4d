package bench;

/**
 * Where to connect.
 *
 * @param subprotocol what the handshake offers; empty for none
 */
record Target(String host, int port, String path, String subprotocol) {
  Target at(String otherPath) {
    return new Target(host, port, otherPath, subprotocol);
  }
}
