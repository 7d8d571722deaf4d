package io.switchboard.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.session.TokenBucket;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How often an address may show a wrong secret. Beyond, nothing that it shows is looked at, be it
 * right, so that guessing on is of no use. Safe for use by many threads; remembers a bounded number
 * of addresses, and each of them for as long as it takes its bucket to fill up.
 */
public final class GuessLimits {
  private static final int MAX_ADDRESSES = 65_536;

  /** For how many seconds' guesses at once the limit lasts. */
  private static final int BURST_SECONDS = 10;

  private final int rate;
  private final LongSupplier nanos;
  private final Cache<String, TokenBucket> buckets;

  /**
   * Makes one that has seen no guess.
   *
   * @param rate guesses per second in the long run
   */
  public GuessLimits(int rate, LongSupplier nanos) {
    this.rate = rate;
    this.nanos = nanos;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_ADDRESSES)
            .expireAfterAccess(Duration.ofSeconds(2 + BURST_SECONDS))
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** Returns whether {@code address} may show a secret. */
  boolean allows(String address) {
    TokenBucket bucket = buckets.getIfPresent(address);
    return bucket == null || bucket.isThere(nanos.getAsLong());
  }

  /** Notes that {@code address} has shown a wrong one. */
  void wrong(String address) {
    long now = nanos.getAsLong();
    var unused =
        buckets.get(address, key -> new TokenBucket(rate, rate * BURST_SECONDS, now)).take(now);
  }
}
