package io.switchboard.ops.metrics;

import io.switchboard.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Decides who may read the metrics. Safe for use by many threads. */
@FunctionalInterface
public interface MetricsAccess {
  /** Returns why {@code request} may not read them. */
  Optional<Problem> refusal(HttpServletRequest request);
}
