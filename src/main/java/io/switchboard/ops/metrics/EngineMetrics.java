package io.switchboard.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.switchboard.engine.Availability;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Times what the engine is asked for, and counts what it does not do. Safe for many threads. */
final class EngineMetrics {
  /** What an engine is asked for. */
  enum Operation {
    PUBLISH,
    HISTORY,
    RECOVER,
    CLEAR,
    MARK,
    MARKED
  }

  private static final Duration[] BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(10)
  };

  private final Map<Operation, Timer> timers = new EnumMap<>(Operation.class);
  private final Map<Operation, Counter> refused = new EnumMap<>(Operation.class);
  private final Map<Operation, Counter> failed = new EnumMap<>(Operation.class);

  EngineMetrics(MeterRegistry registry) {
    for (Operation operation : Operation.values()) {
      timers.put(
          operation,
          Timer.builder("switchboard.engine")
              .description("How long the engine took, whatever came of it")
              .tag("operation", word(operation))
              .serviceLevelObjectives(BOUNDS)
              .register(registry));
      refused.put(operation, errors(registry, operation, "refused"));
      failed.put(operation, errors(registry, operation, "failed"));
    }
  }

  private static Counter errors(MeterRegistry registry, Operation operation, String kind) {
    return Counter.builder("switchboard.engine.errors")
        .description("What the engine refused because it is behind or away, or failed to do")
        .tag("operation", word(operation))
        .tag("kind", kind)
        .register(registry);
  }

  private static String word(Operation operation) {
    return operation.name().toLowerCase(Locale.ROOT);
  }

  void ended(Operation operation, long nanos, @Nullable Throwable error) {
    Timer timer = timers.get(operation);
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
    if (error != null) {
      Counter counter = (Availability.isRefusal(error) ? refused : failed).get(operation);
      if (counter != null) {
        counter.increment();
      }
    }
  }
}
