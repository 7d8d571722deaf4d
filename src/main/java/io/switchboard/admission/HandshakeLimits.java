package io.switchboard.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.session.TokenBucket;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How often an address may knock. Safe for use by many threads; remembers a bounded number of
 * addresses, and each of them for as long as it takes its bucket to fill up.
 */
public final class HandshakeLimits {
  private static final int MAX_ADDRESSES = 65_536;

  private final GateSettings settings;
  private final LongSupplier nanos;
  private final Cache<String, TokenBucket> buckets;

  /** Makes one that has seen nobody. */
  public HandshakeLimits(GateSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_ADDRESSES)
            .expireAfterAccess(Duration.ofSeconds(2 + settings.burst() / settings.rate()))
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** Returns whether {@code address} may shake hands once more. */
  boolean allows(String address) {
    long now = nanos.getAsLong();
    return buckets
        .get(address, key -> new TokenBucket(settings.rate(), settings.burst(), now))
        .take(now);
  }
}
