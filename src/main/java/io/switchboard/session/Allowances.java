package io.switchboard.session;

import io.switchboard.channel.Namespace;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How often a session may do what; tells whoever counts that it went over. Thread-safe. */
final class Allowances {
  /** So long it takes until it may be refused as many channels again as at once. */
  private static final int REFUSED_SECONDS = 10;

  private final SessionSettings settings;
  private final LimitCounts counts;
  private final LongSupplier nanos;
  private final TokenBucket commands;

  /** How many commands beyond the rate are forgiven. */
  private final TokenBucket excess;

  /** How many channels and tokens it may be refused. */
  private final TokenBucket vain;

  private final PublishRates publications = new PublishRates();

  Allowances(SessionSettings settings, LimitCounts counts, LongSupplier nanos) {
    this.settings = settings;
    this.counts = counts;
    this.nanos = nanos;
    long now = nanos.getAsLong();
    this.commands = new TokenBucket(settings.rate(), settings.burst(), now);
    this.excess = new TokenBucket(settings.rate(), settings.burst(), now);
    int refused = settings.refusedSubscriptions();
    this.vain = new TokenBucket(Math.max(1, refused / REFUSED_SECONDS), refused, now);
  }

  /** Counts a command; returns whether that was within the rate. */
  boolean command() {
    return commands.take(nanos.getAsLong()) || over(Limit.COMMAND_RATE);
  }

  /** Counts a command beyond the rate; returns whether it is forgiven. */
  boolean forgiven() {
    return excess.take(nanos.getAsLong());
  }

  /** Returns what the command {@code re} is answered beyond the rate. */
  Refusal tooFast(@Nullable Long re) {
    return new Refusal(
        ErrorCode.RATE_LIMITED,
        "at most %d commands per second, %d at once".formatted(settings.rate(), settings.burst()),
        re,
        Duration.ofMillis(1 + 1_000 / settings.rate()));
  }

  /** Counts a publication; returns whether that was within the rate of {@code namespace}. */
  boolean publication(Namespace namespace) {
    return publications.take(namespace, nanos.getAsLong()) || over(Limit.PUBLISH_RATE);
  }

  /** Returns whether it may try for what it may not have, and counts nothing. */
  boolean attempt() {
    return vain.has(nanos.getAsLong()) || over(Limit.SUBSCRIBE_ATTEMPTS);
  }

  /** Counts an attempt that was in vain. */
  void inVain() {
    vain.take(nanos.getAsLong());
  }

  private boolean over(Limit limit) {
    counts.hit(limit);
    return false;
  }
}
