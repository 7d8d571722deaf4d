package io.switchboard.session;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Frame;
import io.switchboard.protocol.HandshakeRecord;
import io.switchboard.protocol.Input;
import io.switchboard.protocol.Refusal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client, as long as it stays connected.
 *
 * <p>Sending, closing and asking are safe on any thread and never wait. {@link #received} is called
 * by one thread at a time.
 */
public final class ClientSession {
  private static final Logger LOG = System.getLogger(ClientSession.class.getName());

  /**
   * What is known of a client when its session begins.
   *
   * @param address where it comes from
   * @param handshake how it was let in
   */
  public record Origin(
      String id, Identity identity, String address, Instant since, HandshakeRecord handshake) {}

  /** How {@link #join} ended. */
  public enum Joined {
    OK,
    ALREADY,
    TOO_MANY,
    /** The session has ended meanwhile. */
    ENDED
  }

  private final Origin origin;
  private final Codec codec;
  private final Transport transport;
  private final SessionRegistry registry;
  private final SessionSettings settings;
  private final LongSupplier nanos;
  private final Outbound outbound;
  private final Heartbeat heartbeat;
  private final TokenBucket commands;
  private final BadMessages badMessages = new BadMessages();

  /** The name chosen last. Written by the receiving thread. */
  private volatile @Nullable String name;

  private final Object lock = new Object();

  /** The channels it is on, and whether the hub knows it there already. Guarded by the lock. */
  private final Map<ChannelName, Boolean> channels = new HashMap<>();

  /** Guarded by the lock. */
  private boolean ended;

  ClientSession(
      Origin origin,
      Codec codec,
      Transport transport,
      SessionRegistry registry,
      SessionSettings settings,
      HeartbeatSettings heartbeatSettings,
      Outbound.Threads threads,
      SessionRegistry.Sources sources) {
    this.origin = origin;
    this.codec = codec;
    this.transport = transport;
    this.registry = registry;
    this.settings = settings;
    this.nanos = sources.nanos();
    this.outbound =
        new Outbound(
            transport,
            settings.queueBytes(),
            threads,
            sources.nanos(),
            sources.random(),
            this::writeFailed);
    long now = nanos.getAsLong();
    this.heartbeat = new Heartbeat(heartbeatSettings, now);
    this.commands = new TokenBucket(settings.rate(), settings.burst(), now);
  }

  /** Returns the id: random, and unguessable. */
  public String id() {
    return origin.id();
  }

  /** Returns who opened it. */
  public Identity identity() {
    return origin.identity();
  }

  /** Returns where it comes from, when, and how it was let in. */
  public Origin origin() {
    return origin;
  }

  /** Returns what carries it. */
  public Transport transport() {
    return transport;
  }

  /** Returns the language it speaks. */
  public Codec codec() {
    return codec;
  }

  /** Returns how others see it. */
  public ClientInfo info() {
    return new ClientInfo(id(), identity().user(), name);
  }

  /** Sets the display name for what comes; guests only, others keep the name that was proven. */
  public void rename(String name) {
    if (identity().guest()) {
      this.name = name;
    }
  }

  /** Returns the channels it is on, in no order. */
  public List<ChannelName> channels() {
    synchronized (lock) {
      return List.copyOf(channels.keySet());
    }
  }

  /** Returns whether it is on {@code channel}. */
  public boolean isOn(ChannelName channel) {
    synchronized (lock) {
      return channels.containsKey(channel);
    }
  }

  /** Notes that it is on {@code channel} from now on, if it may be. */
  public Joined join(ChannelName channel) {
    synchronized (lock) {
      if (ended) {
        return Joined.ENDED;
      }
      if (channels.containsKey(channel)) {
        return Joined.ALREADY;
      }
      if (channels.size() >= settings.maxChannels()) {
        return Joined.TOO_MANY;
      }
      channels.put(channel, false);
      return Joined.OK;
    }
  }

  /** Notes that it is no longer on {@code channel}; returns whether it was. */
  public boolean leave(ChannelName channel) {
    synchronized (lock) {
      return channels.remove(channel) != null;
    }
  }

  /**
   * Notes that the hub knows it on {@code channel}, after {@link #join}.
   *
   * @return whether that must be undone, because the session ended in between
   */
  public boolean settle(ChannelName channel) {
    synchronized (lock) {
      if (!channels.containsKey(channel)) {
        return false;
      }
      if (ended) {
        channels.remove(channel);
        return true;
      }
      channels.put(channel, true);
      return false;
    }
  }

  /** Takes it off every channel on which the hub knows it; returns these. */
  public List<ChannelName> leaveAll() {
    synchronized (lock) {
      List<ChannelName> settled = new ArrayList<>();
      channels.forEach(
          (channel, known) -> {
            if (known) {
              settled.add(channel);
            }
          });
      settled.forEach(channels::remove);
      return settled;
    }
  }

  /** Returns the limits it lives under. */
  public SessionSettings settings() {
    return settings;
  }

  /** Queues {@code frame}; a session whose queue is full is closed as a slow consumer. */
  public void send(Frame frame) {
    if (!outbound.offer(frame)) {
      close(Disconnect.SLOW_CONSUMER);
    }
  }

  /** Answers a command with an error; a client that makes too many mistakes is closed. */
  public void refuse(Refusal refusal) {
    send(codec.encode(refusal));
    if (refusal.code().isBadMessage() && badMessages.isTooMany(nanos.getAsLong())) {
      close(Disconnect.TOO_MANY_ERRORS);
    }
  }

  /** Takes one message of the client. Never throws. */
  public void received(Input input) {
    alive();
    if (hasEnded()) {
      return;
    }
    if (!commands.take(nanos.getAsLong())) {
      refuse(
          new Refusal(
              ErrorCode.RATE_LIMITED,
              "at most %d commands per second, %d at once"
                  .formatted(settings.rate(), settings.burst())));
      return;
    }
    if (input instanceof Refusal refusal) {
      refuse(refusal);
      return;
    }
    try {
      registry.inbound().received(this, input);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, () -> "session " + id() + ": a command failed", e);
      refuse(new Refusal(ErrorCode.INTERNAL, "the server failed; the command had no effect"));
    }
  }

  /** Notes a sign of life. */
  public void alive() {
    heartbeat.alive(nanos.getAsLong());
  }

  /** Takes a Pong. */
  public void ponged(byte[] payload) {
    alive();
    outbound.ponged(payload);
  }

  /**
   * Ends the session: it leaves its channels at once, is told why, and its connection is closed.
   * Does nothing if it has ended already.
   */
  public void close(Disconnect reason) {
    if (end()) {
      boolean drop = reason.code() == Disconnect.SLOW_CONSUMER.code();
      outbound.close(reason, codec.encode(reason), drop);
      LOG.log(
          Level.DEBUG,
          () -> "session %s: closing, %d %s".formatted(id(), reason.code(), reason.reason()));
      registry.ended(this);
    }
  }

  /** Notes that the connection is gone. */
  public void connectionClosed() {
    outbound.gone();
    boolean first = end();
    registry.disconnected(this);
    if (first) {
      registry.ended(this);
    }
  }

  /** Looks after the connection: Pings, and an end for the dead and the stalled. */
  void beat(long now) {
    outbound.closeIfOverdue(now);
    if (hasEnded()) {
      return;
    }
    if (outbound.isStalled(now, settings.writeTimeout().toNanos())) {
      close(Disconnect.SLOW_CONSUMER);
      return;
    }
    switch (heartbeat.beat(now)) {
      case PING -> outbound.ping();
      case DEAD -> close(Disconnect.NO_PONG);
      case NOTHING -> {}
    }
  }

  /** Returns how many bytes wait to be sent. */
  public int queuedBytes() {
    return outbound.queuedBytes();
  }

  /** Returns whether the session is over, although its connection may still be closing. */
  public boolean hasEnded() {
    synchronized (lock) {
      return ended;
    }
  }

  private boolean end() {
    synchronized (lock) {
      boolean first = !ended;
      ended = true;
      return first;
    }
  }

  private void writeFailed(Throwable error) {
    LOG.log(Level.DEBUG, () -> "session " + id() + ": a write failed", error);
    close(Disconnect.GOING_AWAY);
  }
}
