package io.switchboard.session;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often somebody was refused at each limit, since the start. Safe for use by many threads. */
public final class LimitCounts {
  private final Map<Limit, LongAdder> counts = new EnumMap<>(Limit.class);

  /** Makes one that has counted nothing. */
  public LimitCounts() {
    Arrays.stream(Limit.values()).forEach(limit -> counts.put(limit, new LongAdder()));
  }

  /** Counts a refusal. */
  public void hit(Limit limit) {
    counter(limit).increment();
  }

  /** Returns how often somebody was refused at {@code limit}. */
  public long count(Limit limit) {
    return counter(limit).sum();
  }

  private LongAdder counter(Limit limit) {
    LongAdder counter = counts.get(limit);
    if (counter == null) {
      throw new IllegalStateException("no counter for " + limit);
    }
    return counter;
  }
}
