package io.switchboard.session;

import io.switchboard.channel.Namespace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How fast one session publishes in each namespace that has a rate. Safe for many threads. */
final class PublishRates {
  private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>(0);

  /** Counts a publication; returns false, and counts nothing, where it is one too many. */
  boolean take(Namespace namespace, long now) {
    int rate = namespace.publishRate();
    return rate == 0
        || buckets
            .computeIfAbsent(namespace.name(), name -> new TokenBucket(rate, rate, now))
            .take(now);
  }
}
