package io.switchboard.transport.websocket;

import io.switchboard.protocol.Disconnect;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets without a session, for the lab page: the server says nothing on them, heartbeats
 * included, unless it is spoken to. {@code /chat?bench} opens one; few may be open at once, and
 * each for a short time only. Safe for use by many threads.
 */
public final class Bench {
  /** How many there may be where the lab is on. */
  public static final int PLACES = 16;

  /** How long one may last. */
  public static final Duration LONGEST = Duration.ofSeconds(200);

  private static final Logger LOG = System.getLogger(Bench.class.getName());
  private static final String QUERY = "bench";

  private final int places;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Set<BenchConnection> open = ConcurrentHashMap.newKeySet();

  /**
   * Makes one on which nobody is.
   *
   * @param places how many may be open at once; 0 switches it off
   */
  public Bench(int places, LongSupplier nanos, RandomGenerator random) {
    this.places = places;
    this.nanos = nanos;
    this.random = random;
  }

  /** Returns whether a handshake with that query asks for the bench, and there is one. */
  boolean isFor(@Nullable String query) {
    return places > 0 && QUERY.equals(query);
  }

  /** Takes a connection; closes it and returns nothing where too many are open. */
  Optional<BenchConnection> take(Session session, int maxMessage) {
    BenchConnection connection =
        new BenchConnection(session, maxMessage, nanos, random, nanos.getAsLong());
    synchronized (open) {
      if (open.size() < places) {
        open.add(connection);
        return Optional.of(connection);
      }
    }
    close(session, CloseCodes.TRY_AGAIN_LATER, "the bench is full, try again later");
    return Optional.empty();
  }

  /** Ends one that did what it should not. */
  void end(BenchConnection connection, Disconnect why) {
    leave(connection);
    close(connection.session(), CloseCodes.getCloseCode(why.code()), why.reason());
  }

  void leave(BenchConnection connection) {
    open.remove(connection);
  }

  /** Ends what has lasted too long; to be called about once a second. */
  public void beat() {
    long now = nanos.getAsLong();
    for (BenchConnection connection : open) {
      if (now - connection.since() >= LONGEST.toNanos()) {
        close(connection.session(), CloseCodes.NORMAL_CLOSURE, "the time on the bench is over");
        leave(connection);
      }
    }
  }

  /** Ends all. */
  public void close() {
    for (BenchConnection connection : open) {
      close(connection.session(), CloseCodes.GOING_AWAY, "this node is going down");
      leave(connection);
    }
  }

  private static void close(Session session, CloseReason.CloseCode code, String reason) {
    try {
      session.close(new CloseReason(code, reason));
    } catch (IOException | RuntimeException e) { // it is gone already
      LOG.log(Level.DEBUG, () -> "closing " + session.getId() + " failed", e);
    }
  }
}
