package interop;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;

/** Vert.x, and with it Netty. */
final class VertxClient implements Client {
  private final Peer peer;
  private final WebSocketClient client =
      Vertx.vertx().createWebSocketClient(new WebSocketClientOptions().setMaxMessageSize(1 << 20));
  private volatile WebSocket socket;

  VertxClient(Peer peer) {
    this.peer = peer;
  }

  @Override
  public Class<?> library() {
    return Vertx.class;
  }

  @Override
  public void open(URI address, String subprotocol) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setAbsoluteURI(address.toString())
            .addSubProtocol(subprotocol);
    client.connect(options).onSuccess(this::opened).onFailure(peer::failed);
  }

  private void opened(WebSocket opened) {
    socket = opened;
    peer.opened(opened.subProtocol());
    opened.textMessageHandler(peer::text);
    opened.binaryMessageHandler(message -> peer.binary(message.getBytes()));
    opened.exceptionHandler(peer::failed);
    opened.closeHandler(
        end -> {
          Short code = opened.closeStatusCode();
          peer.closed(code == null ? 1006 : code, String.valueOf(opened.closeReason()));
        });
  }

  @Override
  public void text(String message) {
    socket.writeTextMessage(message);
  }

  @Override
  public void binary(byte[] message) {
    socket.writeBinaryMessage(Buffer.buffer(message));
  }

  @Override
  public void close(int code, String reason) {
    socket.close((short) code, reason);
  }
}
