package interop;

import java.net.URI;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;

/** OkHttp, which Android applications use. */
final class OkHttpSocket extends WebSocketListener implements Client {
  private final Peer peer;
  private final OkHttpClient http =
      new OkHttpClient.Builder()
          .connectTimeout(Duration.ofMinutes(1))
          .readTimeout(Duration.ofMinutes(1))
          .build();
  private volatile WebSocket socket;

  OkHttpSocket(Peer peer) {
    this.peer = peer;
  }

  @Override
  public Class<?> library() {
    return OkHttpClient.class;
  }

  @Override
  public void open(URI address, String subprotocol) {
    Request request =
        new Request.Builder()
            .url(address.toString())
            .header("Sec-WebSocket-Protocol", subprotocol)
            .build();
    socket = http.newWebSocket(request, this);
  }

  @Override
  public void onOpen(WebSocket opened, Response response) {
    peer.opened(response.header("Sec-WebSocket-Protocol"));
  }

  @Override
  public void onMessage(WebSocket from, String message) {
    peer.text(message);
  }

  @Override
  public void onMessage(WebSocket from, ByteString message) {
    peer.binary(message.toByteArray());
  }

  @Override
  public void onClosing(WebSocket from, int code, String reason) {
    from.close(code, reason);
    peer.closed(code, reason);
  }

  @Override
  public void onFailure(WebSocket from, Throwable why, Response response) {
    peer.failed(why);
  }

  @Override
  public void text(String message) {
    socket.send(message);
  }

  @Override
  public void binary(byte[] message) {
    socket.send(ByteString.of(message));
  }

  @Override
  public void close(int code, String reason) {
    socket.close(code, reason);
  }
}
