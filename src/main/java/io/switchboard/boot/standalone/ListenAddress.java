package io.switchboard.boot.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Host and port as asked for, resolved and tried. */
final class ListenAddress {
  private ListenAddress() {}

  /**
   * Binds the address and lets go of it again, so that a port in use is told in a moment and before
   * the application has touched anything. Somebody may still take the port before the server does.
   *
   * @throws StartException when it cannot be bound
   */
  static void probe(Options options) {
    InetAddress host;
    try {
      host = InetAddress.getByName(options.host());
      tryToBind(new InetSocketAddress(host, 0));
    } catch (IOException e) {
      String reason = e instanceof UnknownHostException ? "no such host" : e.getMessage();
      throw new StartException(
          "--host %s cannot be bound (%s); accepted are the addresses and names of this machine,"
                  .formatted(options.host(), reason)
              + " 0.0.0.0 for all of them",
          e);
    }
    try {
      tryToBind(new InetSocketAddress(host, options.port()));
    } catch (IOException e) {
      throw StartException.port(options, e);
    }
  }

  private static void tryToBind(InetSocketAddress address) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    }
  }
}
