package io.switchboard.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.session.TokenBucket;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How often an address may do something. Safe for use by many threads; remembers a bounded number
 * of addresses, and each of them for as long as it takes its bucket to fill up.
 */
public final class AddressRates {
  private static final int MAX_ADDRESSES = 65_536;

  private final int rate;
  private final int burst;
  private final LongSupplier nanos;
  private final Cache<String, TokenBucket> buckets;

  /**
   * Makes one that has seen nobody.
   *
   * @param rate per second in the long run
   * @param burst at once
   */
  public AddressRates(int rate, int burst, LongSupplier nanos) {
    this.rate = rate;
    this.burst = burst;
    this.nanos = nanos;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_ADDRESSES)
            .expireAfterAccess(Duration.ofSeconds(2 + burst / rate))
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** Counts once for {@code address}; returns whether that was within its rate. */
  public boolean take(String address) {
    long now = nanos.getAsLong();
    return buckets.get(address, key -> new TokenBucket(rate, burst, now)).take(now);
  }

  /** Returns whether {@code address} would be within its rate once more; counts nothing. */
  public boolean isWithin(String address) {
    TokenBucket bucket = buckets.getIfPresent(address);
    return bucket == null || bucket.has(nanos.getAsLong());
  }
}
