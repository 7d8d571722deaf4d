package io.switchboard.boot;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.event.Event;
import io.switchboard.event.PublicationAccepted;
import io.switchboard.event.SessionClosed;
import io.switchboard.event.SessionOpened;
import io.switchboard.event.Subscribed;
import io.switchboard.event.Unsubscribed;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * The beans in this WAR that observe events, with {@code @Observes} or {@code @ObservesAsync}.
 *
 * <p>Both kinds run on the caller's thread, so that all of them hear events in their order and so
 * that what waits for them is bounded in one place.
 */
final class CdiObservers implements EventQueue.Observers {
  private final jakarta.enterprise.event.Event<Event> cdi;

  /** The types that somebody hears; looked up once, for CDI's observers do not change. */
  private final Set<Class<?>> heard;

  CdiObservers(BeanManager beans) {
    this.cdi = beans.getEvent().select(Event.class);
    this.heard =
        samples().stream()
            .filter(event -> !beans.resolveObserverMethods(event).isEmpty())
            .map(Event::getClass)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** CDI looks for the observers of an event, not of a type. */
  private static List<Event> samples() {
    Instant at = Instant.EPOCH;
    ChannelName channel = ChannelName.room("sample");
    Publication publication =
        new Publication(0, at, null, Payload.of(JsonValue.EMPTY_JSON_OBJECT), null);
    return List.of(
        new SessionOpened("", "", true, "", "", "", at),
        new SessionClosed("", "", null, null, at),
        new Subscribed("", "", channel, at),
        new Unsubscribed("", "", channel, at),
        new PublicationAccepted(channel, new StreamPosition("", 0), publication));
  }

  @Override
  public boolean isHeard(Class<? extends Event> type) {
    return heard.contains(type);
  }

  @Override
  public void tell(Event event) {
    RuntimeException failure = null;
    try {
      cdi.fire(event);
    } catch (RuntimeException e) { // those who are told without waiting must hear all the same
      failure = e;
    }
    try {
      cdi.fireAsync(event, NotificationOptions.ofExecutor(Runnable::run))
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
