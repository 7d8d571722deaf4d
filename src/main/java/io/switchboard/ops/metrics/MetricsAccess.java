package io.switchboard.ops.metrics;

import org.jspecify.annotations.Nullable;

/** Decides who may read the metrics. Safe for use by many threads. */
@FunctionalInterface
public interface MetricsAccess {
  /** Returns whether a request with this {@code Authorization} header may. */
  boolean allows(@Nullable String authorization);
}
