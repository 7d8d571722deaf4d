package interop;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;

/** The library that is called Java-WebSocket. */
final class JavaWebSocketClient implements Client {
  private final Peer peer;
  private volatile WebSocketClient socket;

  JavaWebSocketClient(Peer peer) {
    this.peer = peer;
  }

  @Override
  public Class<?> library() {
    return WebSocketClient.class;
  }

  @Override
  public void open(URI address, String subprotocol) throws Exception {
    socket = new Socket(address, new Draft_6455(List.of(), List.of(new Protocol(subprotocol))));
    socket.connectBlocking();
  }

  @Override
  public void text(String message) {
    socket.send(message);
  }

  @Override
  public void binary(byte[] message) {
    socket.send(message);
  }

  @Override
  public void close(int code, String reason) {
    socket.close(code, reason);
  }

  private final class Socket extends WebSocketClient {
    Socket(URI address, Draft draft) {
      super(address, draft);
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
      peer.opened(handshake.getFieldValue("Sec-WebSocket-Protocol"));
    }

    @Override
    public void onMessage(String message) {
      peer.text(message);
    }

    @Override
    public void onMessage(ByteBuffer message) {
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      peer.binary(bytes);
    }

    @Override
    public void onWebsocketPing(WebSocket from, Framedata frame) {
      super.onWebsocketPing(from, frame); // answers
      peer.ping();
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
      peer.closed(code, reason);
    }

    @Override
    public void onError(Exception why) {
      peer.failed(why);
    }
  }
}
