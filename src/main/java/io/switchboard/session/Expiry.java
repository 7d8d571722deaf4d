package io.switchboard.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells when credentials end, and when that is to be announced. Measured by the wall clock, as
 * tokens are.
 */
final class Expiry {
  /** So long before the end is it announced; halfway to it where that is less. */
  static final Duration AHEAD = Duration.ofSeconds(30);

  /** What is to be done. */
  enum Beat {
    NOTHING,
    ANNOUNCE,
    END
  }

  // Guarded by this, all of it.
  private @Nullable Instant end;

  private Duration ahead = AHEAD;
  private boolean announced;

  /** Begins anew at {@code now}, with credentials that hold until {@code end}, or for ever. */
  synchronized void begin(@Nullable Instant end, Instant now) {
    this.end = end;
    if (end != null) {
      Duration half = Duration.between(now, end).dividedBy(2);
      // Otherwise new ones that hold for seconds would be asked for again and again.
      ahead = half.compareTo(AHEAD) < 0 ? half : AHEAD;
    }
    this.announced = false;
  }

  /** Returns what is to be done at {@code now}; {@code mayAnnounce} if the peer could be told. */
  synchronized Beat beat(Instant now, boolean mayAnnounce) {
    if (end == null) {
      return Beat.NOTHING;
    }
    if (!now.isBefore(end)) {
      return Beat.END;
    }
    if (!announced && mayAnnounce && !now.plus(ahead).isBefore(end)) {
      announced = true;
      return Beat.ANNOUNCE;
    }
    return Beat.NOTHING;
  }
}
