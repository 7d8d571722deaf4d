package io.switchboard.lab;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.session.FrameMeter;
import io.switchboard.session.Metering;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What sessions have put on the wire since a stream began to run. Safe for use by many threads.
 *
 * <p>Counts are kept by the session's id where each request names it, and by the handshake's key
 * for WebSockets, whose id is not known yet when they begin to cost.
 */
public final class Traffic implements Metering {
  private static final int MAX_COUNTED = 10_000;

  private final LongSupplier cpu;
  private final Cache<String, Tally> tallies;

  /** Changed under the lock of {@link Lab}. */
  private volatile boolean on;

  Traffic(LongSupplier cpu, LongSupplier nanos) {
    this.cpu = cpu;
    this.tallies =
        Caffeine.newBuilder()
            .maximumSize(MAX_COUNTED)
            .expireAfterAccess(Duration.ofMinutes(2))
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  void on(boolean now) {
    on = now;
    if (!now) {
      tallies.invalidateAll();
    }
  }

  boolean isOn() {
    return on;
  }

  /** Returns a mark of what the calling thread has used so far; see {@link Tally#used}. */
  long mark() {
    return cpu.getAsLong();
  }

  @Override
  public Optional<FrameMeter> frames(String key) {
    return on ? Optional.of(tally(key)) : Optional.empty();
  }

  /** Returns the count for a session's id or a handshake's key; a new one begins at nothing. */
  Tally tally(String key) {
    return tallies.get(key, name -> new Tally(cpu));
  }

  /** Returns the count for a session's id or a handshake's key, if there is one. */
  Optional<Tally> find(String key) {
    return Optional.ofNullable(tallies.getIfPresent(key));
  }
}
