package interop;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.WebSocketContainer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.glassfish.tyrus.client.ClientManager;

/** Jakarta WebSocket, of whichever container. */
final class StandardClient extends Endpoint implements Client {
  private final Peer peer;
  private final WebSocketContainer container;
  private volatile Session session;

  private StandardClient(Peer peer, WebSocketContainer container) {
    this.peer = peer;
    this.container = container;
    container.setDefaultMaxTextMessageBufferSize(1 << 20); // Tomcat's is 8 KiB
    container.setDefaultMaxBinaryMessageBufferSize(1 << 20);
  }

  static StandardClient tyrus(Peer peer) {
    return new StandardClient(peer, ClientManager.createClient());
  }

  static StandardClient tomcat(Peer peer) {
    return new StandardClient(peer, new WsWebSocketContainer());
  }

  @Override
  public Class<?> library() {
    return container.getClass();
  }

  @Override
  public void open(URI address, String subprotocol) throws Exception {
    ClientEndpointConfig config =
        ClientEndpointConfig.Builder.create().preferredSubprotocols(List.of(subprotocol)).build();
    // A busy machine takes longer than Tomcat's 5 s; Tyrus does not look at it.
    config.getUserProperties().put("org.apache.tomcat.websocket.IO_TIMEOUT_MS", "60000");
    container.connectToServer(this, config, address);
  }

  @Override
  public void onOpen(Session opened, EndpointConfig config) {
    session = opened;
    peer.opened(opened.getNegotiatedSubprotocol());
    opened.addMessageHandler(
        String.class, (MessageHandler.Whole<String>) text -> ifOpen(opened, () -> peer.text(text)));
    opened.addMessageHandler(
        byte[].class,
        (MessageHandler.Whole<byte[]>) bytes -> ifOpen(opened, () -> peer.binary(bytes)));
  }

  /** Tomcat tells of the close when it has sent its own, and may hand over a message after that. */
  private void ifOpen(Session from, Runnable then) {
    if (session == from) {
      then.run();
    }
  }

  @Override
  public void onClose(Session closed, CloseReason why) {
    session = null;
    peer.closed(why.getCloseCode().getCode(), why.getReasonPhrase());
  }

  @Override
  public void onError(Session of, Throwable why) {
    peer.failed(why);
  }

  @Override
  public void text(String message) throws Exception {
    session.getBasicRemote().sendText(message);
  }

  @Override
  public void binary(byte[] message) throws Exception {
    session.getBasicRemote().sendBinary(ByteBuffer.wrap(message));
  }

  @Override
  public void close(int code, String reason) throws Exception {
    session.close(new CloseReason(CloseCodes.getCloseCode(code), reason));
  }
}
