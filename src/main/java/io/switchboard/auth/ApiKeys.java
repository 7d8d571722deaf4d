package io.switchboard.auth;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The keys that are good now. Safe for use by many threads. */
public final class ApiKeys {
  private final Clock clock;

  /** Immutable; replaced as a whole. */
  private volatile List<ApiKey> keys;

  /** Makes one that knows {@code keys}. */
  public ApiKeys(Clock clock, List<ApiKey> keys) {
    this.clock = clock;
    this.keys = List.copyOf(keys);
  }

  /** Knows {@code keys} and no others from now on. */
  public void replace(List<ApiKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Returns who shows {@code secret}. Every key is compared, each in constant time, so that the
   * time taken says neither which key it is nor how much of one was right.
   */
  public Optional<Caller> callerBy(String secret) {
    byte[] shown = ApiKey.hash(secret);
    Instant now = clock.instant();
    ApiKey found = null;
    for (ApiKey key : keys) {
      if (key.hasHash(shown) && key.holdsAt(now)) {
        found = key;
      }
    }
    return Optional.ofNullable(found).map(ApiKey::caller);
  }
}
