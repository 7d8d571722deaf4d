package io.switchboard.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.event.Event;
import io.switchboard.event.SessionClosed;
import io.switchboard.event.SessionOpened;
import io.switchboard.testing.StepExecutor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private final StepExecutor thread = new StepExecutor();
  private final List<Event> told = new ArrayList<>();

  /** Fails of the event with this session. */
  private String unlucky = "";

  private final EventQueue queue =
      new EventQueue(
          new EventQueue.Observers() {
            @Override
            public boolean isHeard(Class<? extends Event> type) {
              return type == SessionClosed.class;
            }

            @Override
            public void tell(Event event) {
              told.add(event);
              if (((SessionClosed) event).session().equals(unlucky)) {
                throw new IllegalStateException("failed on purpose");
              }
            }
          },
          thread);

  private static Event closed(int number) {
    return new SessionClosed("s" + number, "ann", null, null, Instant.EPOCH);
  }

  @Test
  void nobodyWaitsForObserversAndTheyHearInOrder() {
    queue.happened(closed(1));
    queue.happened(closed(2));
    assertEquals(List.of(), told);
    assertEquals(1, thread.waiting());
    thread.runAll();
    assertEquals(List.of(closed(1), closed(2)), told);
    queue.happened(closed(3));
    thread.runAll();
    assertEquals(closed(3), told.get(2));
  }

  @Test
  void whatNobodyHearsIsNotKept() {
    queue.happened(
        new SessionOpened("s", "ann", false, "chat", "fake", "127.0.0.1", Instant.EPOCH));
    assertEquals(0, thread.waiting());
  }

  @Test
  void anObserverThatFailsKeepsNothingFromOthers() {
    unlucky = "s1";
    queue.happened(closed(1));
    queue.happened(closed(2));
    thread.runAll();
    assertEquals(List.of(closed(1), closed(2)), told);
  }

  @Test
  void behindSlowObserversTheNewestAreLeftOut() {
    for (int i = 0; i < EventQueue.CAPACITY + 5; i++) {
      queue.happened(closed(i));
    }
    thread.runAll();
    assertEquals(EventQueue.CAPACITY, told.size());
    assertEquals(closed(EventQueue.CAPACITY - 1), told.get(told.size() - 1));
    queue.happened(closed(7));
    thread.runAll();
    assertTrue(told.get(told.size() - 1).equals(closed(7)));
  }
}
