package io.switchboard.session;

import io.switchboard.protocol.Frame;
import io.switchboard.protocol.Refusal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of a session that are under way, of which there are few. Safe for use by many
 * threads.
 */
final class Exchanges {
  private final List<Exchange> open = new CopyOnWriteArrayList<>();
  private volatile boolean ended;

  /** Takes {@code exchange} up until it is complete. */
  void begin(Exchange exchange) {
    open.add(exchange);
    var unused = exchange.whole().whenComplete((answers, error) -> open.remove(exchange));
    if (ended) {
      exchange.end();
    }
  }

  /** Hands an answer to the exchange that awaits it; returns false if none does. */
  boolean answer(@Nullable Long re, Frame frame, @Nullable Refusal refusal) {
    for (Exchange exchange : open) {
      if (exchange.answer(re, frame, refusal)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether an answer to {@code re} is awaited. */
  boolean awaits(long re) {
    return open.stream().anyMatch(exchange -> exchange.awaits(re));
  }

  /** Ends all of them with what they have. */
  void end() {
    ended = true;
    open.forEach(Exchange::end);
  }
}
