package io.switchboard.transport.websocket;

import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import io.switchboard.session.FrameMeter;
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
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A WebSocket of the container as a carrier. */
final class WebSocketTransport implements Transport {
  private static final Logger LOG = System.getLogger(WebSocketTransport.class.getName());

  private final Session session;

  /** So long Tomcat waits for a peer before it gives up, as a property of a session. */
  private static final String BLOCKING_SEND_TIMEOUT =
      "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

  /**
   * For its own Pongs, our Pings and closes, instead of its 20 s: a peer that reads nothing must
   * not hold a thread for long.
   */
  private static final Long CONTROL_MILLIS = 2_000L;

  /** How much of a text message comes at once. */
  private static final int PART_CHARS = 512;

  /** Tomcat sends longer text messages as several frames of so many bytes. */
  private static final int TOMCAT_FRAME =
      Integer.getInteger("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", 8 * 1024);

  private final boolean tomcat;
  private final Map<String, Object> properties;
  private final Long frameMillis;
  private final @Nullable FrameMeter meter;

  /**
   * Wraps {@code session}.
   *
   * @param writeTimeout for how long at least a peer may take nothing of a frame
   * @param meter counts what goes out, if anybody wants to know
   */
  WebSocketTransport(Session session, Duration writeTimeout, @Nullable FrameMeter meter) {
    this.session = session;
    this.meter = meter;
    this.tomcat = session.getClass().getName().startsWith("org.apache.tomcat.");
    // Later than whoever judges slow peers, so that the end is theirs.
    this.frameMillis = writeTimeout.plusSeconds(10).toMillis();
    // Asked for now, because a session that has been closed does not show them.
    this.properties = session.getUserProperties();
    properties.put(BLOCKING_SEND_TIMEOUT, CONTROL_MILLIS);
  }

  /**
   * Messages are put together by us, so that the container need not have room for whole ones. On
   * Tyrus the same number would bound what may be sent.
   */
  void shrinkBuffers() {
    if (tomcat) {
      session.setMaxTextMessageBufferSize(PART_CHARS);
    }
  }

  @Override
  public String name() {
    return "websocket";
  }

  @Override
  public void write(Frame frame, boolean mayWait, Consumer<@Nullable Throwable> done) {
    if (meter == null) {
      send(frame, mayWait, done);
      return;
    }
    int most = tomcat && !frame.isBinary() ? TOMCAT_FRAME : Integer.MAX_VALUE;
    for (int rest = frame.size(); rest > 0; rest -= most) {
      meter.sent(Math.min(rest, most));
    }
    long mark = meter.mark();
    send(frame, mayWait, done);
    meter.used(mark);
  }

  private void send(Frame frame, boolean mayWait, Consumer<@Nullable Throwable> done) {
    if (mayWait && tomcat) {
      writeAndWait(frame, done);
      return;
    }
    Once once = new Once(done);
    try {
      ByteBuffer binary = frame.binary();
      if (binary != null) {
        session.getAsyncRemote().sendBinary(binary, once);
      } else {
        session.getAsyncRemote().sendObject(frame, once);
      }
    } catch (RuntimeException e) { // closed meanwhile, each container in its own words
      once.end(e);
    }
  }

  /** Half the price of the other way: Tomcat hands each end of that to another thread. */
  private void writeAndWait(Frame frame, Consumer<@Nullable Throwable> done) {
    try {
      properties.put(BLOCKING_SEND_TIMEOUT, frameMillis);
      ByteBuffer binary = frame.binary();
      if (binary != null) {
        session.getBasicRemote().sendBinary(binary);
      } else {
        session.getBasicRemote().sendText(frame.text());
      }
    } catch (IOException | RuntimeException e) { // closed meanwhile
      done.accept(e);
      return;
    } finally {
      properties.put(BLOCKING_SEND_TIMEOUT, CONTROL_MILLIS);
    }
    done.accept(null);
  }

  @Override
  public void ping(byte[] payload) throws IOException {
    if (meter != null) {
      meter.sent(payload.length);
    }
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
