package io.switchboard.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.testing.StepExecutor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private final AtomicLong nanos = new AtomicLong();
  private final StepExecutor looks = new StepExecutor();
  private final Workers workers =
      new Workers(1, WorkersTest.class.getClassLoader(), nanos::get, looks);

  private final CountDownLatch peer = new CountDownLatch(1);
  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

  private void waitForPeer() {
    CountDownLatch begun = new CountDownLatch(1);
    workers.execute(
        () ->
            workers.run(
                () -> {
                  begun.countDown();
                  await(peer);
                }));
    await(begun);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void passLongTime() {
    nanos.addAndGet(Workers.LONG_NANOS);
    looks.step();
  }

  private String next() throws InterruptedException {
    return String.valueOf(done.poll(10, TimeUnit.SECONDS));
  }

  @AfterEach
  void end() throws InterruptedException {
    peer.countDown();
    workers.shutdown();
    assertTrue(workers.awaitEnd());
  }

  @Test
  void aWorkerThatWaitsIsReplacedAndItsReplacementGoesWhenItIsBack() throws Exception {
    waitForPeer();
    workers.execute(() -> done.add("behind it"));
    passLongTime();
    assertEquals("behind it", next());
    assertTrue(looks.waiting() > 0, "somebody looks as long as somebody waits");
    peer.countDown();
    // The one that was waiting takes a task again; then nobody is at such work.
    workers.execute(() -> done.add("again"));
    assertEquals("again", next());
  }

  @Test
  void nobodyLooksWhileThereIsNothingToLookAt() throws Exception {
    assertEquals(0, looks.waiting());
    workers.execute(() -> done.add(String.valueOf(workers.run(() -> nanos.addAndGet(7)))));
    assertEquals("7", next(), "how long it took");
    looks.runAll();
    assertEquals(0, looks.waiting());
    waitForPeer();
    assertEquals(1, looks.waiting(), "and begins again when there is");
  }

  @Test
  void onlySoManyMayWait() {
    for (int i = 0; i < Workers.MAX_WAITING; i++) {
      assertTrue(workers.mayWait());
      waitForPeer();
      passLongTime();
    }
    assertFalse(workers.mayWait());
  }

  @Test
  void otherThreadsDoNotWaitHere() {
    assertThrows(IllegalStateException.class, () -> workers.run(() -> {}));
  }
}
