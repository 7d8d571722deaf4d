package interop;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** Jetty's own interface. */
public final class JettyClient implements Client, Session.Listener.AutoDemanding {
  private final Peer peer;
  private final WebSocketClient client = new WebSocketClient();
  private volatile Session session;

  JettyClient(Peer peer) throws Exception {
    this.peer = peer;
    client.setMaxTextMessageSize(1 << 20); // its default is 64 KiB
    client.setConnectTimeout(60_000);
    client.start();
  }

  @Override
  public Class<?> library() {
    return WebSocketClient.class;
  }

  @Override
  public void open(URI address, String subprotocol) throws Exception {
    ClientUpgradeRequest request = new ClientUpgradeRequest(address);
    request.setSubProtocols(subprotocol);
    client.connect(this, request).get(60, TimeUnit.SECONDS);
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    session = opened;
    peer.opened(opened.getUpgradeResponse().getAcceptedSubProtocol());
  }

  @Override
  public void onWebSocketText(String message) {
    peer.text(message);
  }

  @Override
  public void onWebSocketBinary(ByteBuffer message, Callback done) {
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    peer.binary(bytes);
    done.succeed();
  }

  @Override
  public void onWebSocketClose(int code, String reason, Callback done) {
    peer.closed(code, reason == null ? "" : reason);
    done.succeed();
  }

  @Override
  public void onWebSocketError(Throwable why) {
    peer.failed(why);
  }

  @Override
  public void text(String message) {
    session.sendText(message, Callback.NOOP);
  }

  @Override
  public void binary(byte[] message) {
    session.sendBinary(ByteBuffer.wrap(message), Callback.NOOP);
  }

  @Override
  public void close(int code, String reason) {
    session.close(code, reason, Callback.NOOP);
  }
}
