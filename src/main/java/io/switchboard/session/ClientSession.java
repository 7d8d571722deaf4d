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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

  /**
   * What it is on a channel.
   *
   * @param name how it is called there
   * @param settled whether the hub knows it there already
   */
  private record Place(@Nullable String name, boolean settled) {}

  /** How long a client may take to introduce itself where its subprotocol asks for that. */
  static final long CONNECT_NANOS = 5_000_000_000L;

  /** So long it takes until it may be refused as many channels again as at once. */
  private static final int REFUSED_SECONDS = 10;

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
  private final TokenBucket commands;

  /** How many commands beyond the rate are forgiven. */
  private final TokenBucket excess;

  /** How many channels it may be refused. */
  private final TokenBucket refusals;

  private final PublishRates publications = new PublishRates();
  private final Expiry expiry = new Expiry();
  private final AtomicLong messagesIn = new AtomicLong();
  private final AtomicLong messagesOut = new AtomicLong();
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();

  /** On how many channels it is being caught up. */
  private final AtomicInteger behind = new AtomicInteger();

  /** Counts for the transport that was used last, which changes where there is no WebSocket. */
  private volatile Flow flow;

  private final BadMessages badMessages = new BadMessages();
  private final RecentErrors errors = new RecentErrors();
  private final Clock clock;

  private final Object lock = new Object();

  /** What lets it in. Written with the lock held, read without. */
  private volatile Pass pass;

  /** Whether the client knows that it has begun. */
  private volatile boolean begun;

  /** The name chosen last. Guarded by the lock. */
  private @Nullable String name;

  /** The channels it is on. Guarded by the lock. */
  private final Map<ChannelName, Place> channels = new HashMap<>();

  /** What it holds of the budget for a message of which parts are missing. Guarded by the lock. */
  private int held;

  /** When the message of which parts are missing began. Guarded by the lock. */
  private long heldSince;

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
    this.name = identity().name();
    this.codec = codec;
    this.registry = registry;
    this.flow = registry.meter().flow(transport.name());
    this.settings = settings;
    this.nanos = sources.nanos();
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
    this.commands = new TokenBucket(settings.rate(), settings.burst(), now);
    this.excess = new TokenBucket(settings.rate(), settings.burst(), now);
    var unused = ownChannel(); // who cannot have one is not let in
    this.refusals =
        new TokenBucket(
            Math.max(1, settings.refusedSubscriptions() / REFUSED_SECONDS),
            settings.refusedSubscriptions(),
            now);
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
      name = identity.name();
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
    synchronized (lock) {
      return new ClientInfo(id(), identity().user(), name);
    }
  }

  /** Returns how others on {@code channel} see it. */
  public ClientInfo info(ChannelName channel) {
    synchronized (lock) {
      Place place = channels.get(channel);
      return new ClientInfo(id(), identity().user(), place == null ? name : place.name());
    }
  }

  /** Returns the channels it is on, in the order of their names. */
  public List<ChannelName> channels() {
    List<ChannelName> copy;
    synchronized (lock) {
      copy = new ArrayList<>(channels.keySet());
    }
    copy.sort(Comparator.comparing(ChannelName::value));
    return copy;
  }

  /** Returns whether it is on {@code channel}. */
  public boolean isOn(ChannelName channel) {
    synchronized (lock) {
      return channels.containsKey(channel);
    }
  }

  /**
   * Notes that it is on {@code channel} from now on, if it may be. Its user's own channel does not
   * count against the limit.
   *
   * @param wanted how to be called there; absent to be called as before. Guests only: others keep
   *     the name that was proven
   */
  public Joined join(ChannelName channel, @Nullable String wanted) {
    synchronized (lock) {
      if (ended) {
        return Joined.ENDED;
      }
      if (channels.containsKey(channel)) {
        return Joined.ALREADY;
      }
      ChannelName ownChannel = ownChannel();
      boolean own = channel.equals(ownChannel);
      if (!own
          && channels.size() - (channels.containsKey(ownChannel) ? 1 : 0)
              >= settings.maxChannels()) {
        registry.limits().hit(Limit.CHANNELS);
        return Joined.TOO_MANY;
      }
      if (wanted != null && identity().guest()) {
        name = wanted;
      }
      channels.put(channel, new Place(name, false));
      return Joined.OK;
    }
  }

  /**
   * Notes that it is no longer on {@code channel}; returns whether it was. Does nothing while the
   * hub does not know it there yet, because another thread is about to tell it.
   */
  public boolean leave(ChannelName channel) {
    synchronized (lock) {
      Place place = channels.get(channel);
      if (place == null || !place.settled()) {
        return false;
      }
      channels.remove(channel);
      return true;
    }
  }

  /**
   * Notes that the hub knows it on {@code channel}, after {@link #join}.
   *
   * @return whether that must be undone, because the session ended in between
   */
  public boolean settle(ChannelName channel) {
    synchronized (lock) {
      Place place = channels.get(channel);
      if (place == null) {
        return false;
      }
      if (ended) {
        channels.remove(channel);
        return true;
      }
      channels.put(channel, new Place(place.name(), true));
      return false;
    }
  }

  /** Takes it off every channel on which the hub knows it; returns these. */
  public List<ChannelName> leaveAll() {
    synchronized (lock) {
      List<ChannelName> settled = new ArrayList<>();
      channels.forEach(
          (channel, place) -> {
            if (place.settled()) {
              settled.add(channel);
            }
          });
      settled.forEach(channels::remove);
      return settled;
    }
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
        name = wanted;
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
      messagesOut.incrementAndGet();
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
    messagesOut.incrementAndGet();
    sent(1, frame.size());
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
    messagesOut.addAndGet(queued);
    return queued;
  }

  /** Runs {@code task} on a worker once the queue is empty, unless the session ends first. */
  public void whenDrained(Runnable task) {
    outbound.whenDrained(task);
  }

  /** Counts a publication; returns false where it goes over the rate of {@code namespace}. */
  public boolean mayPublishNow(Namespace namespace) {
    if (publications.take(namespace, nanos.getAsLong())) {
      return true;
    }
    registry.limits().hit(Limit.PUBLISH_RATE);
    return false;
  }

  /** Returns whether it may ask for a channel: whether it was not refused too many lately. */
  public boolean mayAskForChannel() {
    if (refusals.has(nanos.getAsLong())) {
      return true;
    }
    registry.limits().hit(Limit.SUBSCRIBE_ATTEMPTS);
    return false;
  }

  /** Counts a channel that it may not have. */
  public void refusedChannel() {
    refusals.take(nanos.getAsLong());
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
    countMessage();
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

  private void countMessage() {
    messagesIn.incrementAndGet();
    flow().received();
  }

  /** Counts bytes of a message, be it whole or a part; to be called before what is made of it. */
  public void arrived(long bytes) {
    bytesIn.addAndGet(bytes);
    flow().arrived(bytes);
  }

  private void sent(int messages, long bytes) {
    bytesOut.addAndGet(bytes);
    flow().sent(messages, bytes);
  }

  private Flow flow() {
    String name = transport.name();
    Flow known = flow;
    if (!known.transport().equals(name)) {
      known = registry.meter().flow(name);
      flow = known;
    }
    return known;
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
    countMessage();
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
    long now = nanos.getAsLong();
    if (commands.take(now)) {
      return true;
    }
    registry.limits().hit(Limit.COMMAND_RATE);
    refuse(
        new Refusal(
            ErrorCode.RATE_LIMITED,
            "at most %d commands per second, %d at once"
                .formatted(settings.rate(), settings.burst()),
            re,
            Duration.ofMillis(1 + 1_000 / settings.rate())));
    if (!excess.take(now)) {
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
    if (isDrippedOn(now)) {
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

  /** Returns how many messages of the client have come; a batch is one. */
  public long messagesIn() {
    return messagesIn.get();
  }

  /** Returns how many messages were queued for the client. */
  public long messagesOut() {
    return messagesOut.get();
  }

  /** Returns the last errors that it was answered, the oldest first. */
  public List<Mistake> errors() {
    return errors.all();
  }

  /** Returns what is on its way to the client. */
  public Queue queue() {
    return outbound.look(nanos.getAsLong());
  }

  /** Returns how many bytes of the client's messages have come. */
  public long bytesIn() {
    return bytesIn.get();
  }

  /** Returns how many bytes of messages were written for the client. */
  public long bytesOut() {
    return bytesOut.get();
  }

  /** Notes that it is being caught up on one more channel, or with -1 on one less. */
  public void behind(int change) {
    behind.addAndGet(change);
  }

  /** Returns whether it is being caught up on some channel, because it was too slow or away. */
  public boolean isBehind() {
    return behind.get() > 0;
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
    Budget budget = registry.budget();
    long now = nanos.getAsLong();
    synchronized (lock) {
      if (held == 0) {
        heldSince = now;
      }
      budget.add(bytes - held);
      held = bytes;
    }
    return bytes == 0 || !budget.isSpent();
  }

  /** Returns whether a message takes longer to come than a reader may take for what it gets. */
  private boolean isDrippedOn(long now) {
    synchronized (lock) {
      return held > 0 && now - heldSince >= settings.writeTimeout().toNanos();
    }
  }

  /** What the way out reports. */
  private final class Sending implements Outbound.Listener {
    @Override
    public void pinged(long at) {
      heartbeat.pinged(at);
    }

    @Override
    public void sending(List<Frame> run, long bytes, long at) {
      sent(run.size(), bytes);
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
