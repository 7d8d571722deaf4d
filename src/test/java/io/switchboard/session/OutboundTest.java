package io.switchboard.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.Test;

class OutboundTest {
  private static final int BOUND = 1_000;
  private static final Frame BYE = Frame.of("bye");

  private final FakeTime time = new FakeTime();
  private final StepExecutor workers = new StepExecutor();
  private final StepExecutor closers = new StepExecutor();
  private final FakeTransport transport = new FakeTransport();
  private final List<Throwable> failures = new ArrayList<>();
  private final Outbound outbound = outbound(BOUND);

  private Outbound outbound(int bound) {
    return new Outbound(
        transport,
        bound,
        new Outbound.Threads(workers, closers),
        time,
        new Random(1),
        failures::add);
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
  void nothingIsSentOnTheThreadThatOffers() {
    outbound.offer(Frame.of("1"));
    assertEquals(List.of(), transport.frames);
  }

  @Test
  void aSecondWriteWaitsForTheEndOfTheFirst() {
    transport.immediate = false;
    outbound.offer(Frame.of("1"));
    outbound.offer(Frame.of("2"));
    workers.runAll();
    outbound.ping();
    workers.runAll();
    assertEquals(List.of("1"), transport.frames);
    assertTrue(transport.pings.isEmpty());
    transport.finish(null);
    workers.runAll();
    assertEquals(1, transport.pings.size());
    assertEquals(List.of("1", "2"), transport.frames);
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
    Outbound large = outbound(100 * Outbound.WINDOW);
    Frame frame = Frame.of("x".repeat(1024));
    for (int i = 0; i < 2 * Outbound.WINDOW / 1024; i++) {
      large.offer(frame);
    }
    workers.runAll();
    assertEquals(Outbound.WINDOW / 1024, transport.frames.size());
    assertEquals(Outbound.WINDOW / Outbound.PING_EVERY, transport.pings.size());
  }

  @Test
  void aPongSetsFreeWhatItVouchesFor() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    Frame frame = Frame.of("x".repeat(1024));
    for (int i = 0; i < 2 * Outbound.WINDOW / 1024; i++) {
      large.offer(frame);
    }
    workers.runAll();
    large.ponged(transport.pings.remove());
    workers.runAll();
    assertEquals((Outbound.WINDOW + Outbound.PING_EVERY) / 1024, transport.frames.size());
  }

  @Test
  void theNewestPongVouchesForTheOlderOnes() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    Frame frame = Frame.of("x".repeat(1024));
    for (int i = 0; i < 2 * Outbound.WINDOW / 1024; i++) {
      large.offer(frame);
    }
    workers.runAll();
    byte[] newest = transport.pings.getLast();
    large.ponged(newest);
    large.ponged(newest);
    workers.runAll();
    assertEquals(2 * Outbound.WINDOW / 1024, transport.frames.size());
  }

  @Test
  void aMadeUpPongVouchesForNothing() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    Frame frame = Frame.of("x".repeat(1024));
    for (int i = 0; i < 2 * Outbound.WINDOW / 1024; i++) {
      large.offer(frame);
    }
    workers.runAll();
    large.ponged(new byte[8]);
    large.ponged(new byte[0]);
    large.ponged(new byte[125]);
    workers.runAll();
    assertEquals(Outbound.WINDOW / 1024, transport.frames.size());
  }

  @Test
  void aWriteThatDoesNotEndIsAStall() {
    transport.immediate = false;
    outbound.offer(Frame.of("1"));
    workers.runAll();
    long limit = Duration.ofSeconds(60).toNanos();
    time.pass(Duration.ofSeconds(59));
    assertFalse(outbound.isStalled(time.getAsLong(), limit));
    time.pass(Duration.ofSeconds(1));
    assertTrue(outbound.isStalled(time.getAsLong(), limit));
  }

  @Test
  void aQuietConnectionIsNoStall() {
    outbound.offer(Frame.of("1"));
    workers.runAll();
    time.pass(Duration.ofHours(1));
    assertFalse(outbound.isStalled(time.getAsLong(), 1));
  }

  @Test
  void aFullWindowWithoutPongsIsAStall() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    for (int i = 0; i <= Outbound.WINDOW / 1024; i++) {
      large.offer(Frame.of("x".repeat(1024)));
    }
    workers.runAll();
    time.pass(Duration.ofSeconds(60));
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
    closers.runAll();
    assertEquals(List.of(Disconnect.DRAINING), transport.closes);
  }

  @Test
  void aCloseForASlowReaderThrowsAwayWhatIsQueued() {
    transport.immediate = false;
    outbound.offer(Frame.of("under way"));
    workers.runAll();
    outbound.offer(Frame.of("1"));
    outbound.close(Disconnect.SLOW_CONSUMER, BYE, true);
    transport.immediate = true;
    transport.finish(null);
    workers.runAll();
    assertEquals(List.of("under way", "bye"), transport.frames);
  }

  @Test
  void aCloseThatCannotSendItsLastFrameHappensAllTheSame() {
    transport.immediate = false;
    outbound.offer(Frame.of("never ends"));
    workers.runAll();
    outbound.close(Disconnect.SLOW_CONSUMER, BYE, true);
    time.pass(Duration.ofNanos(Outbound.CLOSE_NANOS - 1));
    outbound.closeIfOverdue(time.getAsLong());
    closers.runAll();
    assertTrue(transport.closes.isEmpty());
    time.pass(Duration.ofNanos(1));
    outbound.closeIfOverdue(time.getAsLong());
    outbound.closeIfOverdue(time.getAsLong());
    closers.runAll();
    assertEquals(List.of(Disconnect.SLOW_CONSUMER), transport.closes);
    assertEquals(0, outbound.queuedBytes());
  }

  @Test
  void onlyTheFirstCloseCounts() {
    outbound.close(Disconnect.DRAINING, BYE, false);
    outbound.close(Disconnect.NO_PONG, BYE, false);
    workers.runAll();
    closers.runAll();
    assertEquals(List.of("bye"), transport.frames);
    assertEquals(List.of(Disconnect.DRAINING), transport.closes);
  }

  @Test
  void nothingIsSentOnceTheConnectionIsGone() {
    outbound.offer(Frame.of("1"));
    outbound.gone();
    outbound.close(Disconnect.DRAINING, BYE, false);
    workers.runAll();
    closers.runAll();
    assertEquals(List.of(), transport.frames);
    assertEquals(List.of(), transport.closes);
    assertEquals(0, outbound.queuedBytes());
  }

  @Test
  void aFailedWriteIsReported() {
    transport.immediate = false;
    outbound.offer(Frame.of("1"));
    workers.runAll();
    IOException reset = new IOException("reset by peer");
    transport.finish(reset);
    assertEquals(List.of(reset), failures);
  }

  @Test
  void aLongQueueDoesNotDeepenTheStack() {
    Outbound large = outbound(100 * Outbound.WINDOW);
    for (int i = 0; i < 200_000; i++) {
      large.offer(Frame.of(""));
    }
    workers.runAll();
    assertEquals(200_000, transport.frames.size());
  }
}
