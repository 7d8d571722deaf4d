package io.switchboard.auth.jwt;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Key;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keys that somebody else publishes, fetched ahead and now and then.
 *
 * <p>A key that is not among them has them fetched once more, at most every {@link #AT_MOST_EVERY};
 * until that has ended, whether there is such a key cannot be said. While they cannot be fetched,
 * those that are known count.
 */
final class RemoteKeys implements Keys {
  static final Duration USUALLY_EVERY = Duration.ofMinutes(5);
  static final Duration AT_MOST_EVERY = Duration.ofSeconds(10);

  /** After a failure; doubles with each. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final Duration LAST_PAUSE = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** So many keys are tried on a token that does not say which it is. */
  private static final int MAX_TRIED = 8;

  /** So many unknown keys are remembered. */
  private static final int MAX_MISSED = 100;

  private static final Logger LOG = System.getLogger(RemoteKeys.class.getName());

  private final JwksEndpoint endpoint;
  private final Executor background;
  private final LongSupplier nanos;
  private final RandomGenerator random;

  private volatile @Nullable List<PublishedKey> known;

  // Guarded by this, as is all below.
  private boolean fetching;
  private long begunAt;
  private long dueAt;
  private int failures;

  /** By id, when one was asked for that is not known. */
  private final Map<String, Long> missed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_MISSED;
        }
      };

  RemoteKeys(
      JwksEndpoint endpoint, Executor background, LongSupplier nanos, RandomGenerator random) {
    this.endpoint = endpoint;
    this.background = background;
    this.nanos = nanos;
    this.random = random;
    this.dueAt = nanos.getAsLong();
  }

  @Override
  public Found find(Algorithm algorithm, @Nullable String kid) {
    List<PublishedKey> published = known;
    if (published == null) {
      return Found.LATER;
    }
    List<Key> found =
        published.stream()
            .filter(key -> key.fits(algorithm, kid))
            .limit(MAX_TRIED)
            .<Key>map(PublishedKey::key)
            .toList();
    if (!found.isEmpty() || kid == null) {
      return new Found(found, false);
    }
    return isGone(kid) ? Found.NONE : Found.LATER;
  }

  /** Returns whether keys have come after {@code kid} was first missed; has them fetched if not. */
  private synchronized boolean isGone(String kid) {
    long now = nanos.getAsLong();
    Long since = missed.putIfAbsent(kid, now);
    if (since != null && begunAt - since >= 0 && !fetching && failures == 0) {
      if (now - begunAt < AT_MOST_EVERY.toNanos()) {
        return true;
      }
      missed.put(kid, now); // it may have been published meanwhile
    }
    long soonest = begunAt + AT_MOST_EVERY.toNanos();
    if (failures == 0 && dueAt - soonest > 0) {
      dueAt = soonest;
    }
    return false;
  }

  /** Begins to fetch them if that is due. */
  void beat() {
    long now = nanos.getAsLong();
    synchronized (this) {
      if (fetching) {
        if (now - begunAt > TIMEOUT.toNanos()) {
          endpoint.abort();
        }
        return;
      }
      if (now - dueAt < 0) {
        return;
      }
      fetching = true;
      begunAt = now;
    }
    background.execute(this::fetch);
  }

  private void fetch() {
    try {
      List<PublishedKey> fresh = PublishedKey.parse(endpoint.fetch());
      if (fresh.isEmpty()) {
        throw new IOException("it holds no key that could check a token");
      }
      known = fresh;
      came(fresh.size());
    } catch (IOException | ParseException | RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  /** Gives up what is being fetched. */
  void end() {
    endpoint.abort();
  }

  private void came(int size) {
    boolean news;
    synchronized (this) {
      news = failures > 0;
      failures = 0;
      fetching = false;
      dueAt = nanos.getAsLong() + jittered(USUALLY_EVERY);
    }
    LOG.log(news ? Level.INFO : Level.DEBUG, "{0} keys came from {1}", size, endpoint);
  }

  private void failed(Throwable error) {
    boolean first;
    synchronized (this) {
      first = failures == 0;
      failures = Math.min(failures + 1, 30);
      fetching = false;
      long ceiling =
          Math.min(LAST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failures - 1, 10));
      dueAt = nanos.getAsLong() + jittered(Duration.ofNanos(ceiling));
    }
    // Once: it is asked again and again.
    LOG.log(
        first ? Level.WARNING : Level.DEBUG,
        () ->
            "keys for tokens cannot be fetched from %s: %s; %s"
                .formatted(
                    endpoint,
                    error,
                    known == null ? "no token can be checked" : "those that are known count"));
  }

  /** Returns half of {@code pause} at least, so that many nodes do not ask at the same moment. */
  private long jittered(Duration pause) {
    return pause.toNanos() / 2 + random.nextLong(pause.toNanos() / 2);
  }
}
