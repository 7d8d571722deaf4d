package io.switchboard.channel;

import org.jspecify.annotations.Nullable;

/**
 * Where a publication comes from, for those who measure and follow it within this process. Never
 * stored and never sent.
 *
 * @param since when it was handed in, on this node's own clock of nanoseconds
 * @param trace the trace it belongs to, as a {@code traceparent} (W3C Trace Context, section 3.2);
 *     absent where nobody follows it
 */
public record Journey(long since, @Nullable String trace) {
  /** Returns the beginning of one that was asked for with a {@code traceparent}, unchecked. */
  public static Journey askedWith(@Nullable String trace) {
    return new Journey(0, trace);
  }
}
