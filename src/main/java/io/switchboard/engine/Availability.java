package io.switchboard.engine;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Whether an engine can keep what is published now. For any thread; does not block. */
@FunctionalInterface
public interface Availability {
  /** Returns whether it can. */
  boolean isAvailable();

  /**
   * Returns whether {@code failure} of a stage says only that the engine takes nothing more for
   * now: it is behind, or its store is away, of which it has told its operator once. Any other
   * failure is a defect that somebody should hear of.
   */
  static boolean isRefusal(@Nullable Throwable failure) {
    // A stage wraps what the stage before it failed with.
    return failure instanceof RejectedExecutionException
        || (failure != null && failure.getCause() instanceof RejectedExecutionException);
  }
}
