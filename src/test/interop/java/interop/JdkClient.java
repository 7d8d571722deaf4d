package interop;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** {@code java.net.http} of the JDK. */
final class JdkClient implements Client, WebSocket.Listener {
  private final Peer peer;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile WebSocket socket;

  JdkClient(Peer peer) {
    this.peer = peer;
  }

  @Override
  public Class<?> library() {
    return Main.class;
  }

  @Override
  public void open(URI address, String subprotocol) {
    socket = http.newWebSocketBuilder().subprotocols(subprotocol).buildAsync(address, this).join();
  }

  @Override
  public void onOpen(WebSocket opened) {
    peer.opened(opened.getSubprotocol());
    opened.request(1);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    peer.text(data, last);
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    peer.binary(bytes);
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    peer.ping();
    from.request(1);
    return null; // answered by the client itself
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    peer.closed(code, reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable why) {
    peer.failed(why);
  }

  @Override
  public void text(String message) {
    socket.sendText(message, true).join();
  }

  @Override
  public void binary(byte[] message) {
    socket.sendBinary(ByteBuffer.wrap(message), true).join();
  }

  @Override
  public void close(int code, String reason) {
    socket.sendClose(code, reason).join();
  }
}
