package interop;

import java.net.URI;

/** One WebSocket at a time of somebody's library. What arrives goes to a {@link Peer}. */
interface Client {
  /** A class of the library, whose jar tells the version; of this package for the JDK's own. */
  Class<?> library();

  void open(URI address, String subprotocol) throws Exception;

  void text(String message) throws Exception;

  void binary(byte[] message) throws Exception;

  void close(int code, String reason) throws Exception;
}
