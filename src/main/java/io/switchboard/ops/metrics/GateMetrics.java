package io.switchboard.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.admission.GateMeter;
import io.switchboard.http.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts who is not let in. Safe for use by many threads. */
public final class GateMetrics implements GateMeter {
  /** Titles are constants of the code; if one ever is not, the rest shares a label. */
  private static final int MAX_REASONS = 32;

  /** Counted from the start, so that a rate is known of the first one. */
  private static final List<String> KNOWN =
      List.of(
          "Origin not allowed",
          "Unauthenticated",
          "Too many handshakes",
          "Too many connections",
          "Going down",
          "Full",
          "Bad handshake",
          "Unknown subprotocol",
          "Upgrade required");

  private final MeterRegistry registry;
  private final Map<String, Counter> byTitle = new ConcurrentHashMap<>();

  GateMetrics(MeterRegistry registry) {
    this.registry = registry;
    KNOWN.forEach(title -> byTitle.put(title, counter(title)));
  }

  private Counter counter(String title) {
    return Counter.builder("switchboard.handshakes.refused")
        .description("Requests for a session that were refused, by reason")
        .tag("reason", title.toLowerCase(Locale.ROOT).replace(' ', '-'))
        .register(registry);
  }

  @Override
  public void refused(Problem problem) {
    String title =
        byTitle.containsKey(problem.title()) || byTitle.size() < MAX_REASONS
            ? problem.title()
            : SessionMetrics.OTHER;
    byTitle.computeIfAbsent(title, this::counter).increment();
  }
}
