package io.switchboard.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.channel.ChannelName;
import io.switchboard.engine.ControlBus.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What every bus must do. Subclasses make one, with threads of its own. */
public abstract class ControlBusContractTest {
  private static final long SECONDS = 10;

  /** Returns the bus under test, the same one each time within a test. */
  protected abstract ControlBus bus();

  private static Order order(int number) {
    return new Order.DisconnectSession("session-" + number, Order.KICKED, "");
  }

  private static Outcome await(CompletableFuture<Outcome> outcome)
      throws InterruptedException, ExecutionException, TimeoutException {
    return outcome.get(SECONDS, TimeUnit.SECONDS);
  }

  private CompletableFuture<Outcome> send(Order order) {
    return bus().send(order).toCompletableFuture();
  }

  @Test
  void everyKindOfOrderArrivesAsItWasSentAndItsOutcomeComesBack() throws Exception {
    List<Order> orders =
        List.of(
            new Order.DisconnectUser("ann", 4200, "please spread out"),
            new Order.DisconnectSession("s", Order.KICKED, Order.NO_REASON),
            new Order.Subscribe("añn", new ChannelName("push:é/x")),
            new Order.Unsubscribe("ann", new ChannelName("push:a"), "over", true));
    List<Order> carriedOut = Collections.synchronizedList(new ArrayList<>());
    bus()
        .listen(
            order -> {
              carriedOut.add(order);
              return new Outcome(2, 1);
            });
    for (Order order : orders) {
      assertEquals(new Outcome(2, 1), await(send(order)));
    }
    assertEquals(orders, carriedOut);
  }

  @Test
  void ordersAreCarriedOutOneAtATimeInTheirOrder() throws Exception {
    List<Order> carriedOut = new ArrayList<>(); // not synchronized: one at a time
    bus()
        .listen(
            order -> {
              carriedOut.add(order);
              return Outcome.NOBODY;
            });
    List<Order> sent = new ArrayList<>();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      sent.add(order(i));
      outcomes.add(send(order(i)));
    }
    for (CompletableFuture<Outcome> outcome : outcomes) {
      await(outcome);
    }
    assertEquals(sent, carriedOut);
  }

  @Test
  void theSenderDoesNotWait() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    bus()
        .listen(
            order -> {
              try {
                assertTrue(mayEnd.await(SECONDS, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return Outcome.NOBODY;
            });
    CompletableFuture<Outcome> outcome = send(order(1));
    assertFalse(outcome.isDone());
    mayEnd.countDown();
    assertEquals(Outcome.NOBODY, await(outcome));
  }

  @Test
  void anOrderThatFailsIsToldAndStopsNoOther() throws Exception {
    bus()
        .listen(
            order -> {
              if (order.equals(order(1))) {
                throw new IllegalStateException("failed on purpose");
              }
              return new Outcome(1, 0);
            });
    CompletableFuture<Outcome> failed = send(order(1));
    CompletableFuture<Outcome> next = send(order(2));
    assertThrows(ExecutionException.class, () -> await(failed));
    assertEquals(new Outcome(1, 0), await(next));
  }

  @Test
  void whatWaitsIsBounded() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    bus()
        .listen(
            order -> {
              try {
                mayEnd.await(SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return Outcome.NOBODY;
            });
    CompletableFuture<Outcome> first = send(order(0));
    CompletableFuture<Outcome> last = first;
    CompletableFuture<Outcome> next = first;
    for (int i = 1; i < 1_000_000 && !next.isCompletedExceptionally(); i++) {
      last = next;
      next = send(order(i));
    }
    CompletableFuture<Outcome> refused = next;
    ExecutionException error = assertThrows(ExecutionException.class, () -> await(refused));
    assertTrue(error.getCause() instanceof RejectedExecutionException, error::toString);
    mayEnd.countDown();
    assertEquals(Outcome.NOBODY, await(first));
    assertEquals(Outcome.NOBODY, await(last));
  }

  @Test
  void beforeAnybodyListensNobodyIsConcerned() throws Exception {
    assertEquals(Outcome.NOBODY, await(send(order(1))));
  }
}
