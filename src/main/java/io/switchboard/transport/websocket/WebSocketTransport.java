package io.switchboard.transport.websocket;

import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import io.switchboard.session.Transport;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A WebSocket of the container as a carrier. */
final class WebSocketTransport implements Transport {
  private static final Logger LOG = System.getLogger(WebSocketTransport.class.getName());

  private final Session session;

  WebSocketTransport(Session session) {
    this.session = session;
  }

  @Override
  public String name() {
    return "websocket";
  }

  @Override
  public void write(Frame frame, Consumer<@Nullable Throwable> done) {
    Once once = new Once(done);
    try {
      session.getAsyncRemote().sendObject(frame, once);
    } catch (RuntimeException e) { // closed meanwhile, each container in its own words
      once.end(e);
    }
  }

  @Override
  public void ping(byte[] payload) throws IOException {
    session.getAsyncRemote().sendPing(ByteBuffer.wrap(payload));
  }

  @Override
  public void close(Disconnect end) {
    try {
      session.close(new CloseReason(CloseCodes.getCloseCode(end.code()), end.reason()));
    } catch (IOException | RuntimeException e) { // it is gone already
      LOG.log(Level.DEBUG, () -> "closing " + session.getId() + " failed", e);
    }
  }

  /** Some containers throw after they have called the handler; the first word counts. */
  private static final class Once extends AtomicBoolean implements SendHandler {
    private static final long serialVersionUID = 1;
    private final transient Consumer<@Nullable Throwable> done;

    Once(Consumer<@Nullable Throwable> done) {
      this.done = done;
    }

    @Override
    public void onResult(SendResult result) {
      end(
          result.isOK()
              ? null
              : result.getException() == null
                  ? new IOException("the container gives no reason")
                  : result.getException());
    }

    void end(@Nullable Throwable error) {
      if (compareAndSet(false, true)) {
        done.accept(error);
      }
    }
  }
}
