package io.switchboard.boot;

import io.switchboard.event.Event;
import io.switchboard.event.Events;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to observers, who may take their time: nobody who tells of an event waits for
 * them. Bounded; what does not fit is left out and counted.
 */
final class EventQueue implements Events {
  private static final Logger LOG = System.getLogger(EventQueue.class.getName());

  /** So many events may wait. */
  static final int CAPACITY = 10_000;

  /** Tells observers. */
  interface Observers {
    /** Returns whether there is any for events of {@code type}. */
    boolean isHeard(Class<? extends Event> type);

    /** Tells all of them, and returns when they have heard; called by one thread at a time. */
    void tell(Event event);
  }

  private final Observers observers;
  private final Executor thread;

  /** Guarded by itself, as are the next two. */
  private final Queue<Event> waiting = new ArrayDeque<>();

  private boolean telling;
  private long left;

  /**
   * Makes an empty one.
   *
   * @param thread where observers run; may be held by them as long as they like
   */
  EventQueue(Observers observers, Executor thread) {
    this.observers = observers;
    this.thread = thread;
  }

  @Override
  public boolean isHeard(Class<? extends Event> type) {
    return observers.isHeard(type);
  }

  @Override
  public void happened(Event event) {
    if (!isHeard(event.getClass())) {
      return;
    }
    synchronized (waiting) {
      if (waiting.size() >= CAPACITY) {
        left++;
        return;
      }
      waiting.add(event);
      if (telling) {
        return;
      }
      telling = true;
    }
    thread.execute(this::tellAll);
  }

  private void tellAll() {
    for (Event event = next(); event != null; event = next()) {
      try {
        observers.tell(event);
      } catch (RuntimeException | Error e) { // an observer of somebody else's
        LOG.log(Level.ERROR, "an observer of " + event.getClass().getSimpleName() + " failed", e);
      }
    }
  }

  private @Nullable Event next() {
    long lost;
    Event event;
    synchronized (waiting) {
      lost = left;
      left = 0;
      event = waiting.poll();
      telling = event != null;
    }
    if (lost > 0) {
      LOG.log(Level.WARNING, "observers are too slow: {0} events were left out", lost);
    }
    return event;
  }
}
