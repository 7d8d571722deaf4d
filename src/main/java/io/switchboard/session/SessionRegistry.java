package io.switchboard.session;

import io.switchboard.auth.Identity;
import io.switchboard.auth.Pass;
import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.HandshakeRecord;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Every session of this node, from which any code of the WAR can push to clients.
 *
 * <p>Safe for use by many threads. Injectable by CDI.
 */
public final class SessionRegistry {
  /** What makes time and chance, passed in so that tests own both. */
  public record Sources(Clock clock, LongSupplier nanos, RandomGenerator random) {}

  private static final Logger LOG = System.getLogger(SessionRegistry.class.getName());

  private final Inbound inbound;
  private final SessionSettings settings;
  private final HeartbeatSettings heartbeat;
  private final Budget budget;
  private final SendingThreads threads;
  private final Sources sources;
  private final SessionMeter meter;
  private final LimitCounts limits;

  /** Sessions that are open, and those whose connection is still closing. */
  private final Map<String, ClientSession> connected = new ConcurrentHashMap<>();

  private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

  /** The values are immutable. */
  private final Map<String, List<ClientSession>> byUser = new ConcurrentHashMap<>();

  private final Logins logins = new Logins();

  /** Completes when nobody is let in and nobody is left. */
  private final Object drainLock = new Object();

  /** Guarded by the lock. */
  private CompletableFuture<Void> drained = new CompletableFuture<>();

  private final Merger merger = new Merger();
  private final String node;
  private volatile boolean draining;

  /** Makes an empty one that nobody measures. */
  public SessionRegistry(
      Inbound inbound,
      SessionSettings settings,
      HeartbeatSettings heartbeat,
      Budget budget,
      SendingThreads threads,
      Sources sources) {
    this(
        inbound,
        settings,
        heartbeat,
        budget,
        threads,
        sources,
        SessionMeter.NONE,
        new LimitCounts());
  }

  /**
   * Makes an empty one.
   *
   * @param budget what all sessions together may hold for slow peers
   * @param threads what its sessions run on
   * @param meter hears what its sessions do
   * @param limits is told whenever one of its sessions reaches a limit
   */
  public SessionRegistry(
      Inbound inbound,
      SessionSettings settings,
      HeartbeatSettings heartbeat,
      Budget budget,
      SendingThreads threads,
      Sources sources,
      SessionMeter meter,
      LimitCounts limits) {
    this.meter = meter;
    this.limits = limits;
    this.inbound = inbound;
    this.settings = settings;
    this.heartbeat = heartbeat;
    this.budget = budget;
    this.threads = threads;
    this.sources = sources;
    this.node = randomHex(4);
  }

  /** Begins the session of a connection that has just been made. */
  public ClientSession open(
      Pass pass, String address, HandshakeRecord handshake, Codec codec, Transport transport) {
    ClientSession.Origin origin =
        new ClientSession.Origin(
            randomHex(16), pass, address, sources.clock().instant(), handshake);
    ClientSession session =
        new ClientSession(origin, codec, transport, this, settings, heartbeat, threads, sources);
    connected.put(session.id(), session);
    byAddress.merge(address, 1, Integer::sum);
    add(pass.identity().user(), session);
    meter.opened(session);
    try {
      inbound.opened(session);
    } catch (RuntimeException e) {
      session.connectionClosed();
      throw e;
    }
    String login = pass.login();
    if (login != null && !logins.add(login, session)) {
      session.close(Disconnect.SESSION_ENDED);
    }
    closeBeyondLimit(session);
    if (!connected.containsKey(session.id())) {
      logins.remove(session); // its connection was gone before it was noted
    }
    if (draining) {
      session.close(Disconnect.DRAINING);
    }
    return session;
  }

  private void add(String user, ClientSession session) {
    byUser.merge(
        user,
        List.of(session),
        (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
  }

  private void remove(String user, ClientSession session) {
    byUser.computeIfPresent(
        user, (same, sessions) -> sessions.size() == 1 ? null : without(sessions, session));
  }

  /**
   * Closes {@code session} if its user has more than it may. The newest goes: were it the oldest,
   * two that come back by themselves would do so for ever.
   *
   * @return whether it was closed
   */
  boolean closeBeyondLimit(ClientSession session) {
    List<ClientSession> all = of(session.identity().user());
    // Those that are closing do not count, or who comes back at once would be turned away for them.
    if (all.size() <= settings.maxPerUser()
        || all.stream().filter(one -> !one.hasEnded()).count() <= settings.maxPerUser()) {
      return false;
    }
    session.close(Disconnect.TOO_MANY_SESSIONS);
    return true;
  }

  /** Notes that a session is of another user; called with its lock held. */
  void moved(ClientSession session, String from, String to) {
    if (!from.equals(to)) {
      add(to, session);
      remove(from, session);
    }
  }

  /** Notes that a log-in to the container has another id from now on. */
  public void loginRenamed(String before, String now) {
    logins.renamed(before, now);
  }

  /** Ends every session that stands on a log-in to the container, which has ended. */
  public void loginEnded(String login) {
    logins.ended(login).forEach(session -> session.close(Disconnect.SESSION_ENDED));
  }

  /** Returns a made-up identity for somebody without credentials. */
  public Identity guest() {
    return new Identity("guest-" + randomHex(5), true);
  }

  /** Returns the session of that id, if it is connected here. */
  public Optional<ClientSession> find(String id) {
    return Optional.ofNullable(connected.get(id));
  }

  /** Returns all sessions, as a view that changes with them. */
  public Collection<ClientSession> all() {
    return Collections.unmodifiableCollection(connected.values());
  }

  /** Returns the sessions of {@code user} that are connected here. */
  public List<ClientSession> of(String user) {
    return byUser.getOrDefault(user, List.of());
  }

  /** Returns how many connections there are. */
  public int size() {
    return connected.size();
  }

  /** Returns how many connections come from {@code address}. */
  public int countFrom(String address) {
    return byAddress.getOrDefault(address, 0);
  }

  /** Returns the heartbeat that clients are told of. */
  public HeartbeatSettings heartbeat() {
    return heartbeat;
  }

  /** Looks after every connection; to be called several times within a heartbeat's timeout. */
  public void beat() {
    long now = sources.nanos().getAsLong();
    for (ClientSession session : connected.values()) {
      try {
        session.beat(now);
      } catch (RuntimeException e) { // the others must be looked after all the same
        LOG.log(Level.ERROR, () -> "looking after session " + session.id() + " failed", e);
      }
    }
  }

  /** Returns whether nobody is let in any more. */
  public boolean isDraining() {
    return draining;
  }

  /**
   * Lets nobody in any more and ends every session at once. Returns at once. {@link Draining} does
   * it a few at a time.
   *
   * @return completes when the last connection is gone
   */
  public CompletableFuture<Void> drain() {
    CompletableFuture<Void> over = letNobodyIn();
    connected.values().forEach(session -> session.close(Disconnect.DRAINING));
    return over;
  }

  /** Lets nobody in any more; the result completes when the last connection is gone. */
  CompletableFuture<Void> letNobodyIn() {
    CompletableFuture<Void> over;
    synchronized (drainLock) {
      draining = true;
      over = drained.copy();
    }
    completeIfDrained();
    return over;
  }

  /** Lets clients in again. */
  void letIn() {
    synchronized (drainLock) {
      draining = false;
      drained = new CompletableFuture<>();
    }
  }

  private void completeIfDrained() {
    CompletableFuture<Void> over;
    synchronized (drainLock) {
      if (!draining || !connected.isEmpty()) {
        return;
      }
      over = drained;
    }
    over.complete(null);
  }

  Merger merger() {
    return merger;
  }

  /** Returns the name of this node, which a restart changes. */
  public String node() {
    return node;
  }

  /** Returns what all sessions together may hold for slow peers. */
  public Budget budget() {
    return budget;
  }

  SessionMeter meter() {
    return meter;
  }

  /** Returns what counts who reached a limit. */
  public LimitCounts limits() {
    return limits;
  }

  Inbound inbound() {
    return inbound;
  }

  void ended(ClientSession session) {
    inbound.closed(session);
  }

  void disconnected(ClientSession session, int code) {
    if (connected.remove(session.id()) != null) {
      meter.closed(session, code);
      byAddress.computeIfPresent(
          session.origin().address(), (address, count) -> count == 1 ? null : count - 1);
      remove(session.identity().user(), session);
      logins.remove(session);
    }
    completeIfDrained();
  }

  private static List<ClientSession> without(List<ClientSession> sessions, ClientSession gone) {
    return sessions.stream().filter(session -> session != gone).toList();
  }

  private String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    sources.random().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
