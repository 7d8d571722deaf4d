package io.switchboard.event;

import java.time.Instant;

/**
 * Something that happened on this node.
 *
 * <p>Events are CDI events: beans hear them with {@code @Observes} or {@code @ObservesAsync}. All
 * are told one after the other, in the order in which they happened, on a thread of their own that
 * observers may hold; nobody else waits for it. 10,000 may wait to be told. Where observers are so
 * slow that more would wait, the newest are left out, and the log says how many.
 */
public sealed interface Event
    permits SessionOpened, SessionClosed, Subscribed, Unsubscribed, PublicationAccepted {
  /** Returns when it happened. */
  Instant at();
}
