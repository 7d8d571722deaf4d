package io.switchboard.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells when credentials end, and when that is to be announced. Measured by the wall clock, as
 * tokens are.
 */
final class Expiry {
  /** So long before the end is it announced. */
  static final Duration AHEAD = Duration.ofSeconds(30);

  /** What is to be done. */
  enum Beat {
    NOTHING,
    ANNOUNCE,
    END
  }

  // Guarded by this, all of it.
  private @Nullable Instant end;
  private boolean announced;

  /** Begins anew, with credentials that hold until {@code end}, or for ever. */
  synchronized void begin(@Nullable Instant end) {
    this.end = end;
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
    if (!announced && mayAnnounce && !now.plus(AHEAD).isBefore(end)) {
      announced = true;
      return Beat.ANNOUNCE;
    }
    return Beat.NOTHING;
  }
}
