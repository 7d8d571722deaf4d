package io.switchboard.session;

import io.switchboard.protocol.Disconnect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends the clients of a node away, a few at a time, so that the nodes to which they go are not run
 * over.
 *
 * <p>From the beginning nobody is let in. Who understands {@code drain} is told over which window
 * to leave, and leaves by itself at a random moment of it; who stays nevertheless is closed in
 * waves after it. Everybody else is closed at a random moment of the window. The first fifth of it
 * is given to whoever watches readiness: a client that leaves earlier would be sent back here.
 *
 * <p>The window is shortened where there are few: {@link #PACE} for each. Safe for use by many
 * threads; time is told by {@link #beat}.
 */
public final class Draining {
  private static final Logger LOG = System.getLogger(Draining.class.getName());

  /** So long for each session: fewer than the window has room for leave sooner. */
  static final Duration PACE = Duration.ofMillis(20);

  /** This part of the window passes before the first one leaves. */
  private static final int LEAD_PART = 5;

  /** Who stays is closed over this part of the window after it. */
  private static final int REST_PART = 4;

  /**
   * What a drain has come to.
   *
   * @param draining whether nobody is let in
   * @param sessions how many are still connected, those included whose connection is closing
   * @param since when it began; absent where there is none
   * @param until when the last one will have been closed
   */
  public record Status(
      boolean draining, int sessions, Optional<Instant> since, Optional<Instant> until) {}

  /** A drain under way; {@code moments} are nanoseconds at which sessions are closed. */
  private record Plan(Instant since, Instant until, Map<ClientSession, Long> moments) {}

  private final SessionRegistry registry;
  private final DrainSettings settings;
  private final SessionRegistry.Sources sources;

  private final Object lock = new Object();

  /** Guarded by the lock, as is what it holds. */
  private @Nullable Plan plan;

  /** Whether the node goes down, so that nothing may end it. Guarded by the lock. */
  private boolean last;

  /** Makes one for the sessions of {@code registry}. */
  public Draining(
      SessionRegistry registry, DrainSettings settings, SessionRegistry.Sources sources) {
    this.registry = registry;
    this.settings = settings;
    this.sources = sources;
  }

  /** Begins, unless that was done before. Returns at once. */
  public void begin() {
    synchronized (lock) {
      if (plan != null) {
        return;
      }
      CompletableFuture<Void> unused = registry.letNobodyIn(); // before anybody is counted
      List<ClientSession> sessions = List.copyOf(registry.all());
      Duration most = PACE.multipliedBy(sessions.size());
      Duration window = most.compareTo(settings.window()) < 0 ? most : settings.window();
      plan = plan(sessions, window);
    }
  }

  private Plan plan(List<ClientSession> sessions, Duration window) {
    Duration lead = window.dividedBy(LEAD_PART);
    Duration within = window.minus(lead);
    Duration rest = window.dividedBy(REST_PART);
    Duration spare = settings.timeout().minus(window).dividedBy(2);
    if (spare.compareTo(rest) < 0) {
      rest = spare;
    }
    long now = sources.nanos().getAsLong();
    Map<ClientSession, Long> moments = new HashMap<>();
    for (ClientSession session : sessions) {
      boolean told = session.sendAway(lead, within);
      Duration from = told ? window : lead;
      Duration over = told ? rest : within;
      moments.put(session, now + from.toNanos() + part(over));
    }
    Instant since = sources.clock().instant();
    return new Plan(since, since.plus(window).plus(rest), moments);
  }

  private long part(Duration over) {
    return over.isZero() ? 0 : sources.random().nextLong(over.toNanos());
  }

  /** Closes those whose moment has come; to be called several times a second at best. */
  public void beat() {
    List<ClientSession> due;
    synchronized (lock) {
      if (plan == null) {
        return;
      }
      long now = sources.nanos().getAsLong();
      Map<ClientSession, Long> moments = plan.moments();
      due =
          moments.entrySet().stream()
              .filter(entry -> entry.getKey().hasEnded() || now - entry.getValue() >= 0)
              .map(Map.Entry::getKey)
              .toList();
      due.forEach(moments::remove);
    }
    for (ClientSession session : due) {
      try {
        session.close(Disconnect.DRAINING);
      } catch (RuntimeException e) { // the others must go all the same
        LOG.log(Level.ERROR, () -> "sending session " + session.id() + " away failed", e);
      }
    }
  }

  /**
   * Lets clients in again. Who was told to leave still does.
   *
   * @return false if the node goes down, which nothing ends
   */
  public boolean end() {
    synchronized (lock) {
      if (last) {
        return false;
      }
      if (plan != null) {
        plan = null;
        registry.letIn();
      }
      return true;
    }
  }

  /**
   * Begins, if that was not done before, and cannot be ended any more.
   *
   * @return completes when the last connection is gone
   */
  public CompletableFuture<Void> beginForGood() {
    synchronized (lock) {
      last = true;
      begin();
      return registry.letNobodyIn();
    }
  }

  /** Returns how far it is. */
  public Status status() {
    synchronized (lock) {
      return new Status(
          plan != null,
          registry.size(),
          Optional.ofNullable(plan).map(Plan::since),
          Optional.ofNullable(plan).map(Plan::until));
    }
  }
}
