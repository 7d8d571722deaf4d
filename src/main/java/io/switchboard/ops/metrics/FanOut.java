package io.switchboard.ops.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long publications take from being handed in to being written, once for each client. Safe for
 * use by many threads.
 *
 * <p>Counted on the hot path, which is why it is no timer of Micrometer: those take a lock or touch
 * numbers that all threads share.
 */
final class FanOut implements Collector {
  /** What a bucket holds at most, in microseconds. */
  private static final long[] BOUNDS = {
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000
  };

  private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
  private final LongAdder micros = new LongAdder();

  FanOut() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void record(long nanos) {
    long took = TimeUnit.NANOSECONDS.toMicros(nanos);
    int bucket = 0;
    while (bucket < BOUNDS.length && took > BOUNDS[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    micros.add(took);
  }

  @Override
  public MetricSnapshot collect() {
    List<Double> bounds = new ArrayList<>();
    List<Number> numbers = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      bounds.add(i < BOUNDS.length ? BOUNDS[i] / 1e6 : Double.POSITIVE_INFINITY);
      numbers.add(counts[i].sum());
    }
    return HistogramSnapshot.builder()
        .name("switchboard_fanout_seconds")
        .help("From a publication being handed in to its being written, once for each client")
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, numbers))
                .sum(micros.sum() / 1e6)
                .build())
        .build();
  }
}
