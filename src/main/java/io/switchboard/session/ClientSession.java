package io.switchboard.session;

import io.switchboard.auth.Identity;
import io.switchboard.auth.Pass;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Journey;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Text;
import io.switchboard.protocol.Batch;
import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Frame;
import io.switchboard.protocol.HandshakeRecord;
import io.switchboard.protocol.Input;
import io.switchboard.protocol.Refusal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
   * @param pass what let it in; it may show a better one later
   * @param address where it comes from
   * @param handshake how it was let in
   */
  public record Origin(
      String id, Pass pass, String address, Instant since, HandshakeRecord handshake) {}

  /** An error that it was answered. */
  public record Mistake(Instant at, ErrorCode code, String message) {}

  /**
   * What is on its way to the client.
   *
   * @param frames how many wait
   * @param bytes what they hold, their overhead included
   * @param underWay bytes that were sent and that nothing vouches for yet
   * @param heldUp for how long the client has taken nothing although it should
   */
  public record Queue(int frames, int bytes, long underWay, Duration heldUp) {}

  /** How {@link #join} ended. */
  public enum Joined {
    OK,
    ALREADY,
    TOO_MANY,
    /** The session has ended meanwhile. */
    ENDED
  }

  /** How long a client may take to introduce itself where its subprotocol asks for that. */
  static final long CONNECT_NANOS = 5_000_000_000L;

  /** Close codes: a goodbye, one without a code, and none at all. */
  private static final int NORMAL = 1000;

  private static final int NO_CODE = 1005;
  private static final int CLOSED_ABNORMALLY = 1006;

  /** Over so long the clients of a node that goes down spread their return. */
  private static final Duration RETURN_WITHIN = Duration.ofSeconds(10);

  private final Origin origin;
  private final Transport transport;
  private final Codec codec;
  private final SessionRegistry registry;
  private final SessionSettings settings;
  private final LongSupplier nanos;
  private final Outbound outbound;
  private final Heartbeat heartbeat;
  private final long openedAt;
  private final Allowances allowances;
  private final Places places;
  private final Counts counts;
  private final Unfinished unfinished;
  private final Expiry expiry = new Expiry();
  private final BadMessages badMessages = new BadMessages();
  private final RecentErrors errors = new RecentErrors();
  private final Clock clock;

  private final Object lock = new Object();

  /** What lets it in. Written with the lock held, read without. */
  private volatile Pass pass;

  /** Whether the client knows that it has begun. */
  private volatile boolean begun;

  /** Guarded by the lock. */
  private boolean introduced;

  /** Whether it was told that the node goes down. Guarded by the lock. */
  private boolean sentAway;

  /** Guarded by the lock. */
  private boolean ended;

  /** Whether it ended although nobody wanted that. Guarded by the lock. */
  private boolean cutOff;

  /** Why this node ended it; absent while it lasts and where the peer did. Guarded by the lock. */
  private @Nullable Disconnect end;

  /** Absent unless commands come by {@link #ask}. */
  private volatile @Nullable Exchanges exchanges;

  ClientSession(
      Origin origin,
      Codec codec,
      Transport transport,
      SessionRegistry registry,
      SessionSettings settings,
      HeartbeatSettings heartbeatSettings,
      SendingThreads threads,
      SessionRegistry.Sources sources) {
    this.origin = origin;
    this.transport = transport;
    this.pass = origin.pass();
    this.codec = codec;
    this.registry = registry;
    this.counts = new Counts(transport, registry.meter());
    this.settings = settings;
    this.nanos = sources.nanos();
    this.unfinished = new Unfinished(registry.budget());
    this.clock = sources.clock();
    this.expiry.begin(pass.expires(), clock.instant());
    this.outbound =
        new Outbound(
            transport,
            registry.budget(),
            codec.takesArrays() ? registry.merger() : null,
            threads,
            sources.nanos(),
            sources.random(),
            new Sending());
    long now = nanos.getAsLong();
    this.openedAt = now;
    this.heartbeat = new Heartbeat(transport.heartbeat(heartbeatSettings), now);
    this.allowances = new Allowances(settings, registry.limits(), nanos);
    this.places = new Places(settings.maxChannels(), identity().name());
    var unused = ownChannel(); // who cannot have one is not let in
  }

  /** Returns the id: random, and unguessable. */
  public String id() {
    return origin.id();
  }

  /** Returns whose it is. */
  public Identity identity() {
    return pass.identity();
  }

  /** Returns what lets it in. */
  public Pass pass() {
    return pass;
  }

  private ChannelName ownChannel() {
    return ChannelName.user(identity().user());
  }

  /**
   * Takes new credentials, of the same user or, before it has introduced itself, of the first that
   * is known.
   *
   * @return false if it has ended, be it because that user has too many
   */
  public boolean renew(Identity identity, @Nullable Instant expires) {
    boolean another;
    synchronized (lock) {
      if (ended) {
        return false;
      }
      Identity before = identity();
      pass = new Pass(identity, expires, pass.login(), false);
      places.rename(identity.name());
      another = !identity.user().equals(before.user());
      registry.moved(this, before.user(), identity.user());
    }
    expiry.begin(expires, clock.instant());
    return !another || !registry.closeBeyondLimit(this);
  }

  /** Returns where it comes from, when, and how it was let in. */
  public Origin origin() {
    return origin;
  }

  /** Returns what carries it, for example {@code websocket}. */
  public String transport() {
    return transport.name();
  }

  /** Returns the language it speaks. */
  public Codec codec() {
    return codec;
  }

  /** Returns how it is seen where it is on no channel. */
  public ClientInfo info() {
    return new ClientInfo(id(), identity().user(), places.name());
  }

  /** Returns how others on {@code channel} see it. */
  public ClientInfo info(ChannelName channel) {
    return new ClientInfo(id(), identity().user(), places.name(channel));
  }

  /** Returns the channels it is on, in the order of their names. */
  public List<ChannelName> channels() {
    return places.all();
  }

  /** Returns whether it is on {@code channel}. */
  public boolean isOn(ChannelName channel) {
    return places.isOn(channel);
  }

  /**
   * Notes that it is on {@code channel} from now on, if it may be. Its user's own channel does not
   * count against the limit.
   *
   * @param wanted how to be called there; absent to be called as before. Guests only: others keep
   *     the name that was proven
   */
  public Joined join(ChannelName channel, @Nullable String wanted) {
    Joined joined = places.join(channel, ownChannel(), identity().guest() ? wanted : null);
    if (joined == Joined.TOO_MANY) {
      registry.limits().hit(Limit.CHANNELS);
    }
    return joined;
  }

  /**
   * Notes that it is no longer on {@code channel}; returns whether it was. Does nothing while the
   * hub does not know it there yet, because another thread is about to tell it.
   */
  public boolean leave(ChannelName channel) {
    return places.leave(channel);
  }

  /**
   * Notes that the hub knows it on {@code channel}, after {@link #join}.
   *
   * @return whether that must be undone, because the session ended in between
   */
  public boolean settle(ChannelName channel) {
    return places.settle(channel);
  }

  /** Takes it off every channel on which the hub knows it; returns these. */
  public List<ChannelName> leaveAll() {
    return places.leaveAll();
  }

  /**
   * Notes that the client has introduced itself.
   *
   * @param wanted how to be called; guests only
   * @return false if it had done so before
   */
  public boolean introduce(@Nullable String wanted) {
    synchronized (lock) {
      if (introduced) {
        return false;
      }
      introduced = true;
      if (wanted != null && identity().guest()) {
        places.rename(wanted);
      }
      return true;
    }
  }

  /** Notes that the client was told of its beginning, and may be told of anything else. */
  public void begun() {
    begun = true;
  }

  /** Returns whether the client has introduced itself. */
  public boolean isIntroduced() {
    synchronized (lock) {
      return introduced;
    }
  }

  /** Returns the name of the node that it is connected to. */
  public String node() {
    return registry.node();
  }

  /** Returns the limits it lives under. */
  public SessionSettings settings() {
    return settings;
  }

  /** Queues {@code frame}; a session whose queue is full is closed as a slow consumer. */
  public void send(Frame frame) {
    if (outbound.offer(List.of(frame), settings.queueBytes()) == 1) {
      counts.queued(1);
    } else {
      close(Disconnect.SLOW_CONSUMER);
    }
  }

  /** Sends the answer to the command {@code re}, to where it was asked. */
  public void answer(long re, Frame frame) {
    if (!exchanged(re, frame, null)) {
      send(frame);
    }
  }

  private boolean exchanged(@Nullable Long re, Frame frame, @Nullable Refusal refusal) {
    Exchanges exchanges = this.exchanges;
    if (exchanges == null || !exchanges.answer(re, frame, refusal)) {
      return false;
    }
    counts.queued(1);
    counts.sent(1, frame.size());
    return true;
  }

  /** Returns whether the answer to {@code re} goes another way than what is queued. */
  public boolean answersApart(long re) {
    Exchanges exchanges = this.exchanges;
    return exchanges != null && exchanges.awaits(re);
  }

  /**
   * Queues {@code frames}, the first of them first, as long as the queue is at most half full: the
   * other half is for what cannot be told later.
   *
   * @return how many were queued; all of them if the session has ended
   */
  public int offer(List<Frame> frames) {
    int queued = outbound.offer(frames, settings.queueBytes() / 2);
    counts.queued(queued);
    return queued;
  }

  /** Runs {@code task} on a worker once the queue is empty, unless the session ends first. */
  public void whenDrained(Runnable task) {
    outbound.whenDrained(task);
  }

  /** Counts a publication; returns false where it goes over the rate of {@code namespace}. */
  public boolean mayPublishNow(Namespace namespace) {
    return allowances.publication(namespace);
  }

  /** Returns whether it may ask for a channel or show a token: not too many were in vain lately. */
  public boolean mayAttempt() {
    return allowances.attempt();
  }

  /** Counts a channel or a token that it may not have. */
  public void attemptedInVain() {
    allowances.inVain();
  }

  /** Notes that it reached a limit that others know of. */
  public void reached(Limit limit) {
    registry.limits().hit(limit);
  }

  /** Answers a command with an error; a client that makes too many mistakes is closed. */
  public void refuse(Refusal refusal) {
    errors.add(clock.instant(), refusal);
    registry.meter().refused(refusal.code());
    Frame frame = codec.encode(refusal);
    if (!exchanged(refusal.re(), frame, refusal)) {
      send(frame);
    }
    if (refusal.code().isBadMessage() && badMessages.isTooMany(nanos.getAsLong())) {
      close(Disconnect.TOO_MANY_ERRORS);
    }
  }

  /**
   * Takes one message of the client. Never throws.
   *
   * @param decoder reads it; not asked while the client is over its rate, unless its commands have
   *     ids that answers repeat
   */
  public void received(Supplier<Input> decoder) {
    alive();
    counts.received();
    if (hasEnded()) {
      return;
    }
    if (!codec.needsConnect()) {
      if (mayGoOn(null)) {
        act(decoder.get());
      }
      return;
    }
    for (Input one : inputs(decoder.get())) {
      if (mayGoOn(one.re())) {
        act(one);
      }
      if (hasEnded()) {
        return;
      }
    }
  }

  private static List<Input> inputs(Input input) {
    return input instanceof Batch batch ? batch.inputs() : List.of(input);
  }

  /**
   * Takes what came in one request, where answers go back the way the commands came. Never throws;
   * called by one thread at a time, as {@link #received} is.
   *
   * @return the answers in the order of the commands; fewer where a command has none, and where the
   *     session ended meanwhile
   */
  public CompletableFuture<List<Answer>> ask(Input input) {
    alive();
    counts.received();
    List<Input> inputs = inputs(input);
    List<@Nullable Long> ids = new ArrayList<>();
    inputs.forEach(one -> ids.add(one.re()));
    Exchange exchange = new Exchange(ids, codec::encode, settings.queueBytes());
    exchanges().begin(exchange);
    for (int i = 0; i < inputs.size() && !hasEnded(); i++) {
      exchange.asking(i);
      if (mayGoOn(inputs.get(i).re())) {
        act(inputs.get(i));
      }
    }
    exchange.askedAll();
    return exchange.whole();
  }

  private Exchanges exchanges() {
    synchronized (lock) {
      if (exchanges == null) {
        exchanges = new Exchanges();
        if (ended) {
          exchanges.end();
        }
      }
      return exchanges;
    }
  }

  /** Counts a command against the rate; refuses it where the client is over it. */
  private boolean mayGoOn(@Nullable Long re) {
    if (allowances.command()) {
      return true;
    }
    refuse(allowances.tooFast(re));
    if (!allowances.forgiven()) {
      close(Disconnect.RATE_LIMITED);
    }
    return false;
  }

  private void act(Input input) {
    if (input instanceof Refusal refusal) {
      refuse(refusal);
      return;
    }
    try {
      registry.inbound().received(this, input);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, () -> "session " + id() + ": a command failed", e);
      refuse(
          new Refusal(
              ErrorCode.INTERNAL, "the server failed; the command had no effect", input.re()));
    }
  }

  /** Notes a sign of life. */
  public void alive() {
    heartbeat.alive(nanos.getAsLong());
  }

  /** Takes a Pong. */
  public void ponged(byte[] payload) {
    alive();
    delivered(payload);
  }

  /**
   * Notes that what was sent before the Ping of that payload has arrived, which its carrier knows
   * by itself. No sign of life.
   */
  public void delivered(byte[] payload) {
    outbound.ponged(payload);
  }

  /**
   * Ends the session: it leaves its channels at once, is told why, and its connection is closed.
   * Does nothing if it has ended already.
   */
  public void close(Disconnect reason) {
    boolean cut = reason.reconnect() && reason.code() != Disconnect.DRAINING.code();
    if (end(reason, cut)) {
      if (reason.code() == Disconnect.DRAINING.code()) {
        sendAway(Disconnect.LATER, RETURN_WITHIN);
      }
      boolean drop = reason.code() == Disconnect.SLOW_CONSUMER.code();
      outbound.close(reason, codec.encode(reason), drop);
      Limit.closingWith(reason.code()).ifPresent(registry.limits()::hit);
      LOG.log(
          Level.DEBUG,
          () ->
              "session %s: closing, %d %s"
                  .formatted(id(), reason.code(), Text.printable(reason.reason())));
      registry.ended(this);
    }
  }

  /**
   * Tells the client to leave at a random moment, unless that was done before or its queue is full.
   *
   * @return whether it knows
   */
  boolean sendAway(Duration after, Duration within) {
    synchronized (lock) {
      if (sentAway) {
        return true;
      }
      sentAway =
          codec
              .drain(after, within)
              .filter(frame -> outbound.offer(List.of(frame), settings.queueBytes()) == 1)
              .isPresent();
      return sentAway;
    }
  }

  /** Notes that the connection is gone, and nobody said goodbye. */
  public void connectionClosed() {
    connectionClosed(CLOSED_ABNORMALLY);
  }

  /**
   * Notes that the connection is gone.
   *
   * @param code the close code of RFC 6455 with which its peer or its container ended it
   */
  public void connectionClosed(int code) {
    outbound.gone();
    hold(0);
    boolean first = end(null, code != NORMAL && code != NO_CODE);
    registry.disconnected(this, end().map(Disconnect::code).orElse(code));
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
    if (unfinished.isOlder(now, settings.writeTimeout().toNanos())) {
      close(Disconnect.UNFINISHED);
      return;
    }
    if (codec.needsConnect() && !isIntroduced() && now - openedAt >= CONNECT_NANOS) {
      close(Disconnect.CONNECT_TIMEOUT);
      return;
    }
    lookAtCredentials();
    if (hasEnded()) {
      return;
    }
    if (outbound.isHeldUp()) {
      return; // a Ping would not get through; how long that may last was judged above
    }
    switch (heartbeat.beat(now)) {
      case PING -> {
        outbound.ping();
        codec.heartbeat().ifPresent(this::send);
      }
      case DEAD -> close(Disconnect.NO_PONG);
      case NOTHING -> {}
    }
  }

  private void lookAtCredentials() {
    Instant now = clock.instant();
    switch (expiry.beat(now, begun)) {
      case ANNOUNCE -> {
        Instant end = pass.expires();
        if (end != null) {
          codec.expiring(Duration.between(now, end)).ifPresent(this::send);
        }
      }
      case END -> close(Disconnect.TOKEN_EXPIRED);
      case NOTHING -> {}
    }
  }

  /** Returns what it has carried so far. */
  public Counts counts() {
    return counts;
  }

  /** Returns the last errors that it was answered, the oldest first. */
  public List<Mistake> errors() {
    return errors.all();
  }

  /** Returns what is on its way to the client. */
  public Queue queue() {
    return outbound.look(nanos.getAsLong());
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

  /** Returns why this node ended it; nothing while it lasts, and where the peer ended it. */
  public Optional<Disconnect> end() {
    synchronized (lock) {
      return Optional.ofNullable(end);
    }
  }

  /** Ends it; {@code cut} where nobody wanted that. Returns whether it had not ended before. */
  private boolean end(@Nullable Disconnect reason, boolean cut) {
    synchronized (lock) {
      if (ended) {
        return false;
      }
      ended = true;
      end = reason;
      cutOff = cut;
    }
    places.end(); // before anybody takes it off its channels
    Exchanges exchanges = this.exchanges;
    if (exchanges != null) {
      exchanges.end();
    }
    return true;
  }

  /**
   * Returns whether it was cut off and its user is expected to come back by another session. No
   * guest is, whose id is gone with the session, and nobody in a subprotocol in which clients do
   * not introduce themselves and therefore cannot say that they are back.
   */
  public boolean isExpectedBack() {
    synchronized (lock) {
      return cutOff && !identity().guest() && codec.needsConnect();
    }
  }

  /**
   * Notes that {@code bytes} of a message have come and the rest has not; 0 when it is whole.
   *
   * @return false if all sessions together hold too much
   */
  public boolean hold(int bytes) {
    unfinished.hold(bytes, nanos.getAsLong());
    return bytes == 0 || !registry.budget().isSpent();
  }

  /** What the way out reports. */
  private final class Sending implements Outbound.Listener {
    @Override
    public void pinged(long at) {
      heartbeat.pinged(at);
    }

    @Override
    public void sending(List<Frame> run, long bytes, long at) {
      counts.sent(run.size(), bytes);
      for (int i = 0; i < run.size(); i++) { // without an iterator: this is the hot path
        Journey journey = run.get(i).journey();
        if (journey != null) {
          registry.meter().told(at - journey.since());
        }
      }
    }

    @Override
    public void failed(Throwable error) {
      LOG.log(Level.DEBUG, () -> "session " + id() + ": sending failed", error);
      close(Disconnect.GOING_AWAY);
    }
  }
}
