package io.switchboard.transport.websocket;

import io.switchboard.protocol.Disconnect;
import io.switchboard.session.ClientSession;
import io.switchboard.session.FrameMeter;
import io.switchboard.session.Metering;
import io.switchboard.session.SessionRegistry;
import io.switchboard.session.SessionSettings;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket at {@code /chat}: one instance for each connection, which does no more than carry
 * messages between the container and the {@link ClientSession}.
 *
 * <p>The container calls one method at a time for a connection, on threads of its own. Messages are
 * taken in parts: see {@link MessageAssembler}.
 */
@Dependent
@ServerEndpoint(
    value = "/chat",
    subprotocols = {Subprotocols.CHAT, Subprotocols.SUPERCHAT},
    encoders = FrameEncoder.class,
    decoders = {ChatDecoder.class, SuperchatDecoder.class},
    configurator = ChatConfigurator.class)
public class ChatEndpoint {
  private static final Logger LOG = System.getLogger(ChatEndpoint.class.getName());

  private final SessionRegistry registry;
  private final SessionSettings settings;
  private final Metering metering;
  private final Bench bench;
  private final MessageAssembler assembler;

  /** Chosen when the connection opens; containers call that first. */
  private InputDecoder decoder = new ChatDecoder();

  /** Set once, under the lock of this. */
  private volatile @Nullable ClientSession client;

  /**
   * With what the connection was closed while its session was being begun, which may end it at
   * once; 0 for not. Guarded by this.
   */
  private int closedEarly;

  /** Instead of a session. */
  private @Nullable BenchConnection onBench;

  /** Where somebody wants to know what this carries. */
  private @Nullable FrameMeter meter;

  /** Of a message of which parts have come, where that is counted. */
  private long begun;

  /** Made by CDI, on behalf of {@link ChatConfigurator}. */
  @Inject
  public ChatEndpoint(
      SessionRegistry registry, SessionSettings settings, Metering metering, Bench bench) {
    this.registry = registry;
    this.settings = settings;
    this.metering = metering;
    this.bench = bench;
    this.assembler = new MessageAssembler(settings.maxMessage());
  }

  /** Begins the session of a client that the gate let in. */
  @OnOpen
  public void open(Session session) {
    Admission admission = session.getUserPrincipal() instanceof Admission found ? found : null;
    meter = admission == null ? null : meter(admission);
    WebSocketTransport transport = new WebSocketTransport(session, settings.writeTimeout(), meter);
    if (admission == null) {
      LOG.log(Level.ERROR, "a connection did not come through the gate and is closed");
      transport.close(Disconnect.NO_GATE);
      return;
    }
    // Containers that give up idle connections would do so before our heartbeat.
    session.setMaxIdleTimeout(0);
    transport.shrinkBuffers();
    if (bench.isFor(session.getQueryString())) {
      onBench = bench.take(session, settings.maxMessage()).orElse(null);
      return;
    }
    if (Subprotocols.SUPERCHAT.equals(session.getNegotiatedSubprotocol())) {
      decoder = new SuperchatDecoder();
    }
    ClientSession opened =
        registry.open(
            admission.pass(),
            admission.address(),
            admission.handshake(),
            decoder.codec(),
            transport);
    int closed;
    synchronized (this) {
      client = opened;
      closed = closedEarly;
    }
    if (closed != 0) {
      opened.connectionClosed(closed);
    }
  }

  private @Nullable FrameMeter meter(Admission admission) {
    String key = admission.handshake().requestHeaders().get("Sec-WebSocket-Key");
    return key == null ? null : metering.frames(key).orElse(null);
  }

  /** Takes a part of a text message. */
  @OnMessage
  public void text(String part, boolean last) throws IOException {
    if (onBench != null) {
      endBenchUnless(onBench.text(part, last));
      return;
    }
    ClientSession client = live();
    if (client == null) {
      return;
    }
    int size = MessageAssembler.utf8Length(part);
    if (takes(client, size, last)) {
      long mark = count(size, last);
      assembler.add(part, last).ifPresent(text -> client.received(() -> decoder.decode(text)));
      counted(mark);
    }
  }

  private void endBenchUnless(boolean fits) {
    if (!fits && onBench != null) {
      bench.end(onBench, Disconnect.tooBig(settings.maxMessage()));
    }
  }

  /** Counts a part of a message where somebody wants to know; returns when its use began. */
  private long count(int size, boolean last) {
    if (meter == null) {
      return 0;
    }
    begun += size;
    if (last) {
      meter.received(begun);
      begun = 0;
    }
    return meter.mark();
  }

  private void counted(long mark) {
    if (meter != null) {
      meter.used(mark);
    }
  }

  /** Takes a part of a message of bytes, which {@code chat} does not speak. */
  @OnMessage
  public void binary(ByteBuffer part, boolean last) throws IOException {
    if (onBench != null) {
      endBenchUnless(onBench.binary(part, last));
      return;
    }
    ClientSession client = live();
    if (client == null) {
      return;
    }
    if (!client.codec().takesBinary()) {
      client.close(Disconnect.UNSUPPORTED_DATA);
      return;
    }
    int size = part.remaining();
    if (takes(client, size, last)) {
      long mark = count(size, last);
      assembler
          .add(part, last)
          .ifPresent(message -> client.received(() -> client.codec().decode(message)));
      counted(mark);
    }
  }

  /** Counts a part of a message; ends the session if it is too much. */
  private boolean takes(ClientSession client, int size, boolean last) {
    client.counts().arrived(size);
    if (!assembler.count(size, last)) {
      client.close(Disconnect.tooBig(settings.maxMessage()));
      return false;
    }
    if (!client.hold(assembler.held())) {
      client.close(Disconnect.OVERLOADED);
      return false;
    }
    return true;
  }

  /** Takes the answer to a Ping. */
  @OnMessage
  public void pong(PongMessage pong) throws IOException {
    ByteBuffer data = pong.getApplicationData();
    byte[] payload = new byte[data.remaining()];
    data.get(payload);
    if (meter != null) {
      meter.received(payload.length);
    }
    // Also while the session is ending: its last frames may wait for this.
    ClientSession client = this.client;
    if (client != null) {
      client.ponged(payload);
    } else if (onBench != null) {
      onBench.pong(payload);
    }
  }

  /** Ends the session of a connection that is gone. */
  @OnClose
  public void close(CloseReason reason) {
    if (onBench != null) {
      bench.leave(onBench);
    }
    ClientSession known;
    synchronized (this) {
      closedEarly = reason.getCloseCode().getCode();
      known = client;
    }
    if (known != null) {
      known.connectionClosed(reason.getCloseCode().getCode());
    }
  }

  /** Notes what the container could not make sense of; it closes the connection itself. */
  @OnError
  public void error(Throwable error) {
    LOG.log(
        Level.DEBUG,
        () -> {
          ClientSession known = client;
          return "session " + (known == null ? "?" : known.id()) + " failed";
        },
        error);
  }

  private @Nullable ClientSession live() {
    ClientSession client = this.client;
    if (client != null) {
      client.alive();
    }
    return client == null || client.hasEnded() ? null : client;
  }
}
