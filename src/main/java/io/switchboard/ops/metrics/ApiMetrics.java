package io.switchboard.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.api.ApiMeter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls of the server API. Safe for use by many threads. */
public final class ApiMetrics implements ApiMeter {
  /** A call of a bounded number, as {@link ApiMeter} has them, and an HTTP status of ours. */
  private record Answered(String call, int status) {}

  private final MeterRegistry registry;
  private final Map<Answered, Counter> counters = new ConcurrentHashMap<>();

  ApiMetrics(MeterRegistry registry) {
    this.registry = registry;
    counter(new Answered("POST /publish", 200));
  }

  private Counter counter(Answered answered) {
    return counters.computeIfAbsent(
        answered,
        key ->
            Counter.builder("switchboard.api.calls")
                .description("Calls of the server API, by HTTP status")
                .tag("call", key.call())
                .tag("status", Integer.toString(key.status()))
                .register(registry));
  }

  @Override
  public void answered(String call, int status) {
    counter(new Answered(call, status)).increment();
  }
}
