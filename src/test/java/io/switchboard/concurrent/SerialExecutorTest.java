package io.switchboard.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.testing.StepExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
  private final StepExecutor threads = new StepExecutor();
  private final SerialExecutor serial = new SerialExecutor(threads);

  @Test
  void tasksRunInOrderAndOneRunCarriesThemAll() {
    List<Integer> ran = new ArrayList<>();
    serial.execute(() -> ran.add(1));
    serial.execute(
        () -> {
          serial.execute(() -> ran.add(3));
          ran.add(2);
        });
    assertEquals(1, threads.waiting());
    threads.runAll();
    assertEquals(List.of(1, 2, 3), ran);
    assertEquals(0, serial.pending());
  }

  @Test
  void aFailedTaskDoesNotStopTheNext() {
    List<Integer> ran = new ArrayList<>();
    serial.execute(
        () -> {
          throw new IllegalStateException("expected by the test");
        });
    serial.execute(() -> ran.add(1));
    threads.runAll();
    assertEquals(List.of(1), ran);
  }

  @Test
  void aLongRunGivesItsThreadBack() {
    for (int i = 0; i < 1_000; i++) {
      serial.execute(() -> {});
    }
    threads.step();
    assertEquals(1, threads.waiting());
    assertTrue(serial.pending() > 0);
  }

  @Test
  void manyThreadsSubmitAndNoTaskIsLostOrOverlaps() throws InterruptedException {
    int submitters = 8;
    int each = 20_000;
    ExecutorService pool = Executors.newFixedThreadPool(4);
    SerialExecutor busy = new SerialExecutor(pool);
    // Not synchronised: the executor must make every increment visible to the next.
    int[] count = {0};
    int[] inside = {0};
    CountDownLatch all = new CountDownLatch(submitters * each);
    for (int s = 0; s < submitters; s++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  busy.execute(
                      () -> {
                        inside[0]++;
                        if (inside[0] == 1) {
                          count[0]++;
                        }
                        inside[0]--;
                        all.countDown();
                      });
                }
              });
      thread.start();
    }
    assertTrue(all.await(30, TimeUnit.SECONDS));
    pool.shutdown();
    assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS));
    assertEquals(submitters * each, count[0]);
  }

  @Test
  void aTaskInStepsGivesItsThreadToOthersAndLetsNoOtherTaskIn() {
    StepExecutor threads = new StepExecutor();
    SerialExecutor stepping = new SerialExecutor(threads);
    List<String> order = new ArrayList<>();
    AtomicInteger steps = new AtomicInteger();
    SerialExecutor.Stepwise task =
        () -> {
          order.add("step " + steps.incrementAndGet());
          return steps.get() == 3;
        };
    stepping.execute(task);
    stepping.execute(() -> order.add("the next task"));
    threads.step();
    threads.execute(() -> order.add("somebody else"));
    threads.runAll();
    assertEquals(List.of("step 1", "step 2", "somebody else", "step 3", "the next task"), order);
    assertEquals(0, stepping.pending());
  }

  @Test
  void aStepThatFailsEndsItsTask() {
    StepExecutor threads = new StepExecutor();
    SerialExecutor stepping = new SerialExecutor(threads);
    List<String> order = new ArrayList<>();
    SerialExecutor.Stepwise task =
        () -> {
          order.add("fails");
          throw new IllegalStateException("on purpose");
        };
    stepping.execute(task);
    stepping.execute(() -> order.add("goes on"));
    threads.runAll();
    assertEquals(List.of("fails", "goes on"), order);
  }
}
