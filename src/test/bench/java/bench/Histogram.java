package bench;

import java.util.Arrays;

/** Counts of times in nanoseconds, each kept to about 3 %; recording allocates nothing. */
final class Histogram {
  private static final int SUB_BITS = 5;
  private static final int SUBS = 1 << SUB_BITS;

  private final long[] counts = new long[64 * SUBS];
  private long total;
  private long max;

  void record(long nanos) {
    long value = Math.max(0, nanos);
    counts[slot(value)]++;
    total++;
    if (value > max) {
      max = value;
    }
  }

  /** Returns one that holds the same from here on. */
  Histogram copy() {
    Histogram copy = new Histogram();
    System.arraycopy(counts, 0, copy.counts, 0, counts.length);
    copy.total = total;
    copy.max = max;
    return copy;
  }

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
    max = 0;
  }

  long total() {
    return total;
  }

  double maxMillis() {
    return max / 1e6;
  }

  /** Returns the time below which {@code part} (0 to 1) of all lie, in milliseconds. */
  double millis(double part) {
    long wanted = (long) Math.ceil(total * part);
    long seen = 0;
    for (int slot = 0; slot < counts.length; slot++) {
      seen += counts[slot];
      if (seen >= wanted && seen > 0) {
        return Math.min(max, middle(slot)) / 1e6;
      }
    }
    return 0;
  }

  private static int slot(long value) {
    if (value < SUBS) {
      return (int) value;
    }
    int shift = 63 - Long.numberOfLeadingZeros(value) - SUB_BITS;
    return (shift + 1) * SUBS + (int) (value >>> shift) - SUBS;
  }

  private static double middle(int slot) {
    if (slot < SUBS) {
      return slot;
    }
    int shift = slot / SUBS - 1;
    return (SUBS + slot % SUBS + 0.5) * (1L << shift);
  }
}
