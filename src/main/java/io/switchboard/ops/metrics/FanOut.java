package io.switchboard.ops.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.switchboard.ops.NodeReport.Latency;
import java.util.ArrayList;
import java.util.Arrays;
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
    100,
    250,
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

  /** The counts when the window began. Touched by one thread. */
  private long[] rolled = new long[BOUNDS.length + 1];

  private volatile Latency latency = Latency.NONE;

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

  /** Begins a new window; {@link #latency} tells of the one that ends. Called by one thread. */
  void roll() {
    long[] now = new long[counts.length];
    long[] window = new long[counts.length];
    for (int i = 0; i < counts.length; i++) {
      now[i] = counts[i].sum();
      window[i] = now[i] - rolled[i];
    }
    rolled = now;
    long all = Arrays.stream(window).sum();
    latency =
        all == 0
            ? Latency.NONE
            : new Latency(all, quantile(window, all, 0.5), quantile(window, all, 0.99));
  }

  /** Returns what the last window held. */
  Latency latency() {
    return latency;
  }

  /** Guesses a quantile as if what a bucket holds were spread evenly in it, in microseconds. */
  private static long quantile(long[] window, long all, double part) {
    double wanted = part * all;
    double before = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      if (before + window[i] >= wanted) {
        long low = i == 0 ? 0 : BOUNDS[i - 1];
        return low + Math.round((BOUNDS[i] - low) * (wanted - before) / window[i]);
      }
      before += window[i];
    }
    return BOUNDS[BOUNDS.length - 1];
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
