package interop;

import java.util.HexFormat;

/**
 * Writes what a client saw, a line for each, as the README of this folder describes. Threads: any.
 */
final class Peer {
  private final StringBuilder parts = new StringBuilder(); // guarded by this

  synchronized void line(String line) {
    System.out.println(line);
    System.out.flush();
  }

  void opened(String subprotocol) {
    line("open " + subprotocol);
  }

  void text(String message) {
    line("text " + message);
  }

  /** A part of a message, of libraries that hand over parts. */
  synchronized void text(CharSequence part, boolean last) {
    parts.append(part);
    if (last) {
      text(parts.toString());
      parts.setLength(0);
    }
  }

  void binary(byte[] message) {
    line("binary " + HexFormat.of().formatHex(message));
  }

  void ping() {
    line("ping");
  }

  void closed(int code, String reason) {
    line("closed " + code + " " + reason);
  }

  void failed(Throwable why) {
    line("error " + why.toString().replace('\n', ' '));
  }
}
