package io.switchboard.boot;

import io.switchboard.event.Events;
import io.switchboard.event.SessionClosed;
import io.switchboard.event.SessionOpened;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Input;
import io.switchboard.session.ClientSession;
import io.switchboard.session.Inbound;
import java.time.Clock;
import java.util.Optional;

/** Tells of sessions that begin and end, on the way to whoever acts on that. */
final class SessionEvents implements Inbound {
  private final Inbound next;
  private final Events events;
  private final Clock clock;

  SessionEvents(Inbound next, Events events, Clock clock) {
    this.next = next;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void opened(ClientSession session) {
    if (events.isHeard(SessionOpened.class)) {
      events.happened(
          new SessionOpened(
              session.id(),
              session.identity().user(),
              session.identity().guest(),
              session.codec().subprotocol(),
              session.transport(),
              session.origin().address(),
              session.origin().since()));
    }
    next.opened(session);
  }

  @Override
  public void received(ClientSession session, Input input) {
    next.received(session, input);
  }

  @Override
  public void closed(ClientSession session) {
    if (events.isHeard(SessionClosed.class)) {
      Optional<Disconnect> end = session.end();
      events.happened(
          new SessionClosed(
              session.id(),
              session.identity().user(),
              end.map(Disconnect::code).orElse(null),
              end.map(Disconnect::reason).orElse(null),
              clock.instant()));
    }
    next.closed(session);
  }
}
