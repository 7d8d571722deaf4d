package io.switchboard.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.FakeTransport;
import io.switchboard.testing.FakeWaitWatch;
import io.switchboard.testing.StepExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboundTest {
  private static final int BOUND = 1_000;
  private static final int PLENTY = Integer.MAX_VALUE;
  private static final Frame BYE = Frame.of("bye");

  private final FakeTime time = new FakeTime();
  private final StepExecutor workers = new StepExecutor();
  private final StepExecutor patient = new StepExecutor();
  private final FakeTransport transport = new FakeTransport();
  private final FakeWaitWatch watch = new FakeWaitWatch(time);
  private final List<Throwable> failures = new ArrayList<>();
  private final List<Long> heartbeats = new ArrayList<>();
  private @Nullable Merger merger;
  private final Budget budget = new Budget(1_000_000_000);
  private final Outbound outbound = outbound();

  private Outbound outbound() {
    return new Outbound(
        transport,
        budget,
        merger,
        new SendingThreads(workers, patient, watch),
        time,
        new Random(1),
        new Outbound.Listener() {
          @Override
          public void pinged(long at) {
            heartbeats.add(at);
          }

          @Override
          public void sending(List<Frame> run, long bytes, long at) {}

          @Override
          public void failed(Throwable error) {
            failures.add(error);
          }
        });
  }

  private Outbound twoWindowsQueued() {
    Outbound large = outbound();
    Frame frame = Frame.of("x".repeat(1024));
    for (int i = 0; i < 2 * Outbound.WINDOW / 1024; i++) {
      large.offer(List.of(frame), PLENTY);
    }
    settle();
    return large;
  }

  @Test
  void framesLeaveInTheOrderInWhichTheyCame() {
    outbound.offer(List.of(Frame.of("1")), PLENTY);
    outbound.offer(List.of(Frame.of("2")), PLENTY);
    workers.runAll();
    outbound.offer(List.of(Frame.of("3")), PLENTY);
    workers.runAll();
    assertEquals(List.of("1", "2", "3"), transport.frames);
  }

  @Test
  void whatHasPiledUpGoesOutAsOneArrayWhereTheClientTakesArrays() {
    merger = new Merger();
    Outbound arrays = outbound();
    arrays.offer(List.of(Frame.of("{\"n\":1}")), PLENTY);
    workers.runAll();
    arrays.offer(List.of(Frame.of("{\"n\":2}")), PLENTY);
    arrays.offer(List.of(Frame.of("{\"n\":3}")), PLENTY);
    arrays.offer(List.of(Frame.of("x".repeat(Outbound.MERGED_BYTES))), PLENTY);
    arrays.offer(List.of(Frame.of("{\"é\":4}")), PLENTY);
    arrays.offer(List.of(Frame.of("{\"n\":5}")), PLENTY);
    settle();
    assertEquals(4, transport.frames.size());
    assertEquals("{\"n\":1}", transport.frames.get(0));
    assertEquals("[{\"n\":2},{\"n\":3}]", transport.frames.get(1));
    assertEquals("[{\"é\":4},{\"n\":5}]", transport.frames.get(3));
    assertEquals(0, budget.spent());
  }

  @Test
  void aMessageOfBytesGoesOutAloneAndInItsPlace() {
    merger = new Merger();
    Outbound arrays = outbound();
    Frame bytes = new Frame("b", 3, ByteBuffer.wrap(new byte[3]));
    arrays.offer(List.of(Frame.of("1"), Frame.of("2"), bytes, bytes), PLENTY);
    arrays.offer(List.of(Frame.of("3"), Frame.of("4")), PLENTY);
    settle();
    assertEquals(List.of("[1,2]", "b", "b", "[3,4]"), transport.frames);
    assertEquals(bytes, transport.sent.get(1));
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
    outbound.offer(List.of(Frame.of("1")), PLENTY);
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
    outbound.offer(List.of(Frame.of("1")), PLENTY);
    outbound.offer(List.of(Frame.of("2")), PLENTY);
    settle();
    assertEquals(List.of("1"), transport.frames);
    transport.finish(null);
    settle();
    assertEquals(List.of("1", "2"), transport.frames);
  }

  @Test
  void aPingWaitsForTheFrameUnderWayAndIsReportedWhenItIsSent() {
    transport.immediate = false;
    outbound.offer(List.of(Frame.of("1")), PLENTY);
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
    outbound.offer(List.of(Frame.of("1")), PLENTY);
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
    outbound.offer(List.of(Frame.of("under way")), PLENTY);
    workers.runAll();
    budget.add(1_000_000_000);
    assertEquals(1, outbound.offer(List.of(Frame.of("one always fits")), BOUND));
    assertEquals(0, outbound.offer(List.of(Frame.of("two do not")), BOUND));
    outbound.gone();
    assertEquals(1_000_000_000, budget.spent());
  }

  @Test
  void aFullQueueTurnsFramesAway() {
    transport.immediate = false;
    outbound.offer(List.of(Frame.of("under way")), PLENTY);
    workers.runAll();
    Frame half = Frame.of("x".repeat(BOUND / 2 - Outbound.FRAME_OVERHEAD));
    assertEquals(1, outbound.offer(List.of(half), BOUND));
    assertEquals(1, outbound.offer(List.of(half), BOUND));
    assertEquals(0, outbound.offer(List.of(Frame.of("y")), BOUND));
    assertEquals(BOUND, outbound.queuedBytes());
  }

  @Test
  void oneFrameAlwaysFits() {
    assertEquals(1, outbound.offer(List.of(Frame.of("x".repeat(2 * BOUND))), BOUND));
    workers.runAll();
    assertEquals(1, transport.frames.size());
  }

  @Test
  void manyTinyFramesFillTheQueueToo() {
    transport.immediate = false;
    int accepted = 0;
    while (outbound.offer(List.of(Frame.of("")), BOUND) == 1) {
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
    outbound.offer(List.of(Frame.of("1")), PLENTY);
    settle();
    long limit = Duration.ofSeconds(60).toNanos();
    time.pass(Duration.ofSeconds(59));
    assertFalse(outbound.isStalled(time.getAsLong(), limit));
    time.pass(Duration.ofSeconds(1));
    assertTrue(outbound.isStalled(time.getAsLong(), limit));
  }

  @Test
  void aQuietConnectionIsNoStall() {
    outbound.offer(List.of(Frame.of("1")), PLENTY);
    settle();
    time.pass(Duration.ofHours(1));
    assertFalse(outbound.isStalled(time.getAsLong(), 1));
  }

  @Test
  void aFullWindowWithoutPongsIsAStall() {
    Outbound large = outbound();
    for (int i = 0; i <= Outbound.WINDOW / 1024; i++) {
      large.offer(List.of(Frame.of("x".repeat(1024))), PLENTY);
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
    outbound.offer(List.of(Frame.of("1")), PLENTY);
    outbound.close(Disconnect.DRAINING, BYE, false);
    outbound.offer(List.of(Frame.of("too late")), PLENTY);
    workers.runAll();
    assertEquals(List.of("1", "bye"), transport.frames);
    assertTrue(transport.closes.isEmpty(), "a worker must not close: it may have to wait");
    patient.runAll();
    assertEquals(List.of(Disconnect.DRAINING), transport.closes);
  }

  @Test
  void aCloseForASlowReaderThrowsAwayWhatIsQueued() {
    transport.immediate = false;
    outbound.offer(List.of(Frame.of("under way")), PLENTY);
    settle();
    outbound.offer(List.of(Frame.of("1")), PLENTY);
    outbound.close(Disconnect.SLOW_CONSUMER, BYE, true);
    transport.immediate = true;
    transport.finish(null);
    settle();
    assertEquals(List.of("under way", "bye"), transport.frames);
  }

  @Test
  void aCloseThatCannotSendItsLastFrameHappensAllTheSame() {
    transport.immediate = false;
    outbound.offer(List.of(Frame.of("never ends")), PLENTY);
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
    outbound.offer(List.of(Frame.of("1")), PLENTY);
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
    outbound.offer(List.of(Frame.of("1")), PLENTY);
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
    outbound.offer(List.of(Frame.of("1")), PLENTY);
    settle();
    outbound.offer(List.of(Frame.of("2")), PLENTY);
    transport.finish(new IOException("reset by peer"));
    settle();
    assertEquals(List.of("1"), transport.frames);
    assertEquals(0, outbound.queuedBytes());
    assertEquals(0, budget.spent());
  }

  @Test
  void aLongQueueGivesItsThreadToOthersNowAndThen() {
    Outbound large = outbound();
    for (int i = 0; i < 1_000; i++) {
      large.offer(List.of(Frame.of("")), PLENTY);
    }
    workers.step();
    assertTrue(transport.frames.size() < 1_000);
    assertEquals(1, workers.waiting());
  }

  @Test
  void aLongQueueDoesNotDeepenTheStack() {
    Outbound large = outbound();
    for (int i = 0; i < 200_000; i++) {
      large.offer(List.of(Frame.of("")), PLENTY);
    }
    settle();
    assertEquals(200_000, transport.frames.size());
  }
}
