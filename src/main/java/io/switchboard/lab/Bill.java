package io.switchboard.lab;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one request over HTTP costs, told to its session's {@link Tally} as soon as it is known
 * whose that is: the request that makes a session does not name it, its answer does. Safe for use
 * by many threads.
 */
final class Bill {
  private final Supplier<Optional<Tally>> whose;

  // All below is guarded by this.
  private @Nullable Tally tally;
  private boolean asked;
  private long received;
  private long sent;
  private long used;

  /** Makes one for a request; {@code whose} is asked until it knows. */
  Bill(Supplier<Optional<Tally>> whose) {
    this.whose = whose;
  }

  /** The request came. */
  synchronized void request(long bytes) {
    asked = true;
    received += bytes;
    pay();
  }

  synchronized void received(long bytes) {
    received += bytes;
    pay();
  }

  synchronized void sent(long bytes) {
    sent += bytes;
    pay();
  }

  synchronized void used(long nanos) {
    used += nanos;
    pay();
  }

  private void pay() {
    if (tally == null) {
      tally = whose.get().orElse(null);
    }
    Tally known = tally;
    if (known == null) {
      return;
    }
    if (asked) {
      known.request();
      asked = false;
    }
    known.bytesReceived(received);
    known.bytesSent(sent);
    known.nanosUsed(used);
    received = 0;
    sent = 0;
    used = 0;
  }
}
