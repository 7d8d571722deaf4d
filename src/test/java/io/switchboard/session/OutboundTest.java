package io.switchboard.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.FakeTransport;
import io.switchboard.testing.StepExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboundTest {
  private static final int BOUND = 1_000;
  private static final Frame BYE = Frame.of("bye");

  private final FakeTime time = new FakeTime();
  private final StepExecutor workers = new StepExecutor();
  private final StepExecutor patient = new StepExecutor();
  private final FakeTransport transport = new FakeTransport();
  private final List<Throwable> failures = new ArrayList<>();
  private final List<Long> heartbeats = new ArrayList<>();
  private @Nullable Merger merger;
  private final Budget budget = new Budget(1_000_000_000);
  private final Outbound outbound = outbound(BOUND);

  private Outbound outbound(int bound) {
    return new Outbound(
        transport,
        bound,
        budget,
        merger,
        new Outbound.Threads(workers, patient),
        time,
        new Random(1),
        new Outbound.Listener() {
          @Override
          public void pinged(long at) {
            heartbeats.add(at);
          }

          @Override
          public void failed(Throwable error) {
            failures.add(error);
          }
        });
  }

  private Outbound twoWindowsQueued() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    Frame frame = Frame.of("x".repeat(1024));
    for (int i = 0; i < 2 * Outbound.WINDOW / 1024; i++) {
      large.offer(frame);
    }
    settle();
    return large;
  }

  @Test
  void framesLeaveInTheOrderInWhichTheyCame() {
    outbound.offer(Frame.of("1"));
    outbound.offer(Frame.of("2"));
    workers.runAll();
    outbound.offer(Frame.of("3"));
    workers.runAll();
    assertEquals(List.of("1", "2", "3"), transport.frames);
  }

  @Test
  void whatHasPiledUpGoesOutAsOneArrayWhereTheClientTakesArrays() {
    merger = new Merger();
    Outbound arrays = outbound(100_000);
    arrays.offer(Frame.of("{\"n\":1}"));
    workers.runAll();
    arrays.offer(Frame.of("{\"n\":2}"));
    arrays.offer(Frame.of("{\"n\":3}"));
    arrays.offer(Frame.of("x".repeat(Outbound.MERGED_BYTES)));
    arrays.offer(Frame.of("{\"é\":4}"));
    arrays.offer(Frame.of("{\"n\":5}"));
    settle();
    assertEquals(4, transport.frames.size());
    assertEquals("{\"n\":1}", transport.frames.get(0));
    assertEquals("[{\"n\":2},{\"n\":3}]", transport.frames.get(1));
    assertEquals("[{\"é\":4},{\"n\":5}]", transport.frames.get(3));
    assertEquals(0, budget.spent());
  }

  @Test
  void readersInStepShareTheArray() {
    Merger shared = new Merger();
    List<Frame> run = List.of(Frame.of("1"), Frame.of("é"));
    Frame whole = shared.merge(run);
    assertEquals(Frame.of("[1,é]"), whole);
    assertSame(whole, shared.merge(new ArrayList<>(run)));
    assertEquals("[2,3]", shared.merge(List.of(Frame.of("2"), Frame.of("3"))).text());
  }

  @Test
  void nothingIsSentOnTheThreadThatOffers() {
    outbound.offer(Frame.of("1"));
    assertEquals(List.of(), transport.frames);
  }

  /** Runs all threads until nothing is left to do. */
  private void settle() {
    while (workers.waiting() + patient.waiting() > 0) {
      workers.runAll();
      patient.runAll();
    }
  }

  @Test
  void aSecondWriteWaitsForTheEndOfTheFirst() {
    transport.immediate = false;
    outbound.offer(Frame.of("1"));
    outbound.offer(Frame.of("2"));
    settle();
    assertEquals(List.of("1"), transport.frames);
    transport.finish(null);
    settle();
    assertEquals(List.of("1", "2"), transport.frames);
  }

  @Test
  void aPingWaitsForTheFrameUnderWayAndIsReportedWhenItIsSent() {
    transport.immediate = false;
    outbound.offer(Frame.of("1"));
    workers.runAll();
    outbound.ping();
    settle();
    assertTrue(transport.pings.isEmpty());
    transport.finish(null);
    workers.runAll();
    assertTrue(transport.pings.isEmpty(), "a worker must not ping: it may have to wait");
    assertEquals(List.of(), heartbeats);
    time.pass(Duration.ofSeconds(3));
    patient.runAll();
    assertEquals(1, transport.pings.size());
    assertEquals(List.of(Duration.ofSeconds(3).toNanos()), heartbeats);
  }

  @Test
  void framesDoNotWaitForAPingThatIsStuck() {
    outbound.ping();
    workers.runAll();
    outbound.offer(Frame.of("1"));
    workers.runAll();
    assertEquals(List.of("1"), transport.frames);
    outbound.ping();
    workers.runAll();
    assertEquals(1, patient.waiting(), "one Ping at a time");
  }

  @Test
  void aPingThatFailsEndsTheConnection() {
    transport.pingFailure = new IOException("timed out");
    outbound.ping();
    settle();
    assertEquals(List.of(transport.pingFailure), failures);
    assertEquals(1, transport.closes.size());
  }

  @Test
  void unansweredPingsAreForgottenInTheEnd() {
    for (int i = 0; i < 1_000; i++) {
      outbound.ping();
      settle();
    }
    byte[] first = transport.pings.getFirst();
    byte[] last = transport.pings.getLast();
    outbound.ponged(first);
    outbound.ponged(last);
    assertEquals(1_000, heartbeats.size());
  }

  @Test
  void queuesOfOthersCountToo() {
    transport.immediate = false;
    outbound.offer(Frame.of("under way"));
    workers.runAll();
    budget.add(1_000_000_000);
    assertTrue(outbound.offer(Frame.of("one always fits")));
    assertFalse(outbound.offer(Frame.of("two do not")));
    outbound.gone();
    assertEquals(1_000_000_000, budget.spent());
  }

  @Test
  void aFullQueueTurnsFramesAway() {
    transport.immediate = false;
    outbound.offer(Frame.of("under way"));
    workers.runAll();
    Frame half = Frame.of("x".repeat(BOUND / 2 - Outbound.FRAME_OVERHEAD));
    assertTrue(outbound.offer(half));
    assertTrue(outbound.offer(half));
    assertFalse(outbound.offer(Frame.of("y")));
    assertEquals(BOUND, outbound.queuedBytes());
  }

  @Test
  void oneFrameAlwaysFits() {
    assertTrue(outbound.offer(Frame.of("x".repeat(2 * BOUND))));
    workers.runAll();
    assertEquals(1, transport.frames.size());
  }

  @Test
  void manyTinyFramesFillTheQueueToo() {
    transport.immediate = false;
    int accepted = 0;
    while (outbound.offer(Frame.of(""))) {
      accepted++;
    }
    assertEquals(BOUND / Outbound.FRAME_OVERHEAD, accepted);
  }

  @Test
  void aContainerThatSwallowsEverythingIsStoppedAtTheWindow() {
    twoWindowsQueued();
    assertEquals(Outbound.WINDOW / 1024, transport.frames.size());
    assertTrue(transport.pings.size() >= 2, "one to begin with, one for the full window");
  }

  @Test
  void aPongSetsFreeWhatItVouchesFor() {
    Outbound large = twoWindowsQueued();
    large.ponged(transport.pings.remove());
    settle();
    assertEquals((Outbound.WINDOW + Outbound.PING_EVERY) / 1024, transport.frames.size());
  }

  @Test
  void theNewestPongVouchesForTheOlderOnes() {
    Outbound large = twoWindowsQueued();
    byte[] newest = transport.pings.getLast();
    large.ponged(newest);
    large.ponged(newest);
    settle();
    assertEquals(2 * Outbound.WINDOW / 1024, transport.frames.size());
  }

  @Test
  void aMadeUpPongVouchesForNothing() {
    Outbound large = twoWindowsQueued();
    large.ponged(new byte[8]);
    large.ponged(new byte[0]);
    large.ponged(new byte[125]);
    settle();
    assertEquals(Outbound.WINDOW / 1024, transport.frames.size());
  }

  @Test
  void aWriteThatDoesNotEndIsAStall() {
    transport.immediate = false;
    outbound.offer(Frame.of("1"));
    settle();
    long limit = Duration.ofSeconds(60).toNanos();
    time.pass(Duration.ofSeconds(59));
    assertFalse(outbound.isStalled(time.getAsLong(), limit));
    time.pass(Duration.ofSeconds(1));
    assertTrue(outbound.isStalled(time.getAsLong(), limit));
  }

  @Test
  void aQuietConnectionIsNoStall() {
    outbound.offer(Frame.of("1"));
    settle();
    time.pass(Duration.ofHours(1));
    assertFalse(outbound.isStalled(time.getAsLong(), 1));
  }

  @Test
  void aFullWindowWithoutPongsIsAStall() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    for (int i = 0; i <= Outbound.WINDOW / 1024; i++) {
      large.offer(Frame.of("x".repeat(1024)));
    }
    settle();
    for (int i = 0; i < 6; i++) { // heartbeats must not pass for progress
      time.pass(Duration.ofSeconds(10));
      large.ping();
      settle();
    }
    assertTrue(large.isStalled(time.getAsLong(), Duration.ofSeconds(60).toNanos()));
    large.ponged(transport.pings.getLast());
    assertFalse(large.isStalled(time.getAsLong(), Duration.ofSeconds(60).toNanos()));
  }

  @Test
  void aCloseSendsWhatIsQueuedAndThenBye() {
    outbound.offer(Frame.of("1"));
    outbound.close(Disconnect.DRAINING, BYE, false);
    outbound.offer(Frame.of("too late"));
    workers.runAll();
    assertEquals(List.of("1", "bye"), transport.frames);
    assertTrue(transport.closes.isEmpty(), "a worker must not close: it may have to wait");
    patient.runAll();
    assertEquals(List.of(Disconnect.DRAINING), transport.closes);
  }

  @Test
  void aCloseForASlowReaderThrowsAwayWhatIsQueued() {
    transport.immediate = false;
    outbound.offer(Frame.of("under way"));
    settle();
    outbound.offer(Frame.of("1"));
    outbound.close(Disconnect.SLOW_CONSUMER, BYE, true);
    transport.immediate = true;
    transport.finish(null);
    settle();
    assertEquals(List.of("under way", "bye"), transport.frames);
  }

  @Test
  void aCloseThatCannotSendItsLastFrameHappensAllTheSame() {
    transport.immediate = false;
    outbound.offer(Frame.of("never ends"));
    settle();
    outbound.close(Disconnect.SLOW_CONSUMER, BYE, true);
    time.pass(Duration.ofNanos(Outbound.CLOSE_NANOS - 1));
    outbound.closeIfOverdue(time.getAsLong());
    patient.runAll();
    assertTrue(transport.closes.isEmpty());
    time.pass(Duration.ofNanos(1));
    outbound.closeIfOverdue(time.getAsLong());
    outbound.closeIfOverdue(time.getAsLong());
    patient.runAll();
    assertEquals(List.of(Disconnect.SLOW_CONSUMER), transport.closes);
    assertEquals(0, outbound.queuedBytes());
  }

  @Test
  void onlyTheFirstCloseCounts() {
    outbound.close(Disconnect.DRAINING, BYE, false);
    outbound.close(Disconnect.NO_PONG, BYE, false);
    settle();
    patient.runAll();
    assertEquals(List.of("bye"), transport.frames);
    assertEquals(List.of(Disconnect.DRAINING), transport.closes);
  }

  @Test
  void nothingIsSentOnceTheConnectionIsGone() {
    outbound.offer(Frame.of("1"));
    outbound.gone();
    outbound.close(Disconnect.DRAINING, BYE, false);
    settle();
    patient.runAll();
    assertEquals(List.of(), transport.frames);
    assertEquals(List.of(), transport.closes);
    assertEquals(0, outbound.queuedBytes());
  }

  @Test
  void aFailedWriteIsReported() {
    transport.immediate = false;
    outbound.offer(Frame.of("1"));
    settle();
    IOException reset = new IOException("reset by peer");
    transport.finish(reset);
    assertEquals(List.of(reset), failures);
    settle();
    assertEquals(1, transport.closes.size());
  }

  @Test
  void nothingIsTriedAfterAFailedWrite() {
    transport.immediate = false;
    outbound.offer(Frame.of("1"));
    settle();
    outbound.offer(Frame.of("2"));
    transport.finish(new IOException("reset by peer"));
    settle();
    assertEquals(List.of("1"), transport.frames);
    assertEquals(0, outbound.queuedBytes());
    assertEquals(0, budget.spent());
  }

  @Test
  void aLongQueueGivesItsThreadToOthersNowAndThen() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    for (int i = 0; i < 1_000; i++) {
      large.offer(Frame.of(""));
    }
    workers.step();
    assertTrue(transport.frames.size() < 1_000);
    assertEquals(1, workers.waiting());
  }

  @Test
  void aLongQueueDoesNotDeepenTheStack() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    for (int i = 0; i < 200_000; i++) {
      large.offer(Frame.of(""));
    }
    settle();
    assertEquals(200_000, transport.frames.size());
  }
}
