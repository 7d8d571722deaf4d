package io.switchboard.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.hub.HubMeter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts publications, and readers that do not keep up. Safe for use by many threads. */
public final class HubMetrics implements HubMeter {
  /** What became of a publication that was handed in. */
  enum Result {
    ACCEPTED,
    /** Its key was known: answered with the first one's position. */
    DUPLICATE,
    /** Too much waited before it, or the engine was away. */
    REFUSED,
    FAILED
  }

  private final Map<Result, LongAdder> publications = new EnumMap<>(Result.class);
  private final Counter fellBehind;
  private final Counter pages;
  private final Counter caughtUp;

  HubMetrics(MeterRegistry registry) {
    for (Result result : Result.values()) {
      LongAdder count = new LongAdder();
      publications.put(result, count);
      FunctionCounter.builder("switchboard.publications", count, LongAdder::sum)
          .description("Publications that were handed in, by what became of them")
          .tag("result", result.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    fellBehind =
        Counter.builder("switchboard.fell.behind")
            .description("How often a reader was too slow for its queue")
            .register(registry);
    pages =
        Counter.builder("switchboard.catchup.pages")
            .description("Pages of the log that were read for readers to catch up")
            .register(registry);
    caughtUp =
        Counter.builder("switchboard.catchup.publications")
            .description("Publications that readers were given from the log")
            .register(registry);
  }

  /** Returns how many publications were taken. */
  long accepted() {
    LongAdder count = publications.get(Result.ACCEPTED);
    return count == null ? 0 : count.sum();
  }

  void published(Result result) {
    LongAdder count = publications.get(result);
    if (count != null) {
      count.increment();
    }
  }

  @Override
  public void refused() {
    published(Result.REFUSED);
  }

  @Override
  public void fellBehind() {
    fellBehind.increment();
  }

  @Override
  public void page(int publications) {
    pages.increment();
    caughtUp.increment(publications);
  }
}
