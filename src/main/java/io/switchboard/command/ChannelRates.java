package io.switchboard.command;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.session.ClientSession;
import io.switchboard.session.Limit;
import io.switchboard.session.TokenBucket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How fast clients publish: each in a namespace, and all sessions of this node together on each
 * channel. Safe for use by many threads; remembers a bounded number of channels, each until its
 * bucket is full again.
 */
final class ChannelRates {
  private static final int MAX_CHANNELS = 65_536;

  private final LongSupplier nanos;
  private final Cache<ChannelName, TokenBucket> buckets;

  ChannelRates(LongSupplier nanos) {
    this.nanos = nanos;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_CHANNELS)
            .expireAfterAccess(Duration.ofSeconds(2))
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /**
   * Counts a publication of {@code session}; returns why it is one too many.
   *
   * @param field which field of the command names the channel
   */
  Optional<Refusal> tooFast(
      ClientSession session, Verdict verdict, ChannelName channel, String field) {
    if (!(verdict instanceof Verdict.Granted granted)) {
      return Optional.empty();
    }
    Namespace namespace = granted.namespace();
    if (!session.mayPublishNow(namespace)) {
      return Optional.of(
          refusal(
              "%s: at most %d publications per second on %s:"
                  .formatted(field, namespace.publishRate(), namespace.name()),
              namespace.publishRate()));
    }
    if (!take(namespace, channel)) {
      session.reached(Limit.CHANNEL_RATE);
      return Optional.of(
          refusal(
              "%s: at most %d publications per second of all on one channel"
                  .formatted(field, namespace.channelRate()),
              namespace.channelRate()));
    }
    return Optional.empty();
  }

  private static Refusal refusal(String why, int rate) {
    return new Refusal(ErrorCode.RATE_LIMITED, why, null, Duration.ofMillis(1 + 1_000 / rate));
  }

  private boolean take(Namespace namespace, ChannelName channel) {
    int rate = namespace.channelRate();
    if (rate == 0) {
      return true;
    }
    long now = nanos.getAsLong();
    return buckets.get(channel, name -> new TokenBucket(rate, rate, now)).take(now);
  }
}
