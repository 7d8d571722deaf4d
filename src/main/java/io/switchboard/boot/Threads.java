package io.switchboard.boot;

import io.switchboard.session.SendingThreads;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one deployment. What is submitted after their end is dropped: the container may
 * still report on connections.
 *
 * @param workers as many as there are cores; they hardly ever wait for a peer
 * @param patient those that may: Tomcat waits for a peer that reads nothing when it pings or closes
 * @param events one, for observers of events, who may take their time
 * @param timer beats the heartbeat
 */
record Threads(
    Workers workers,
    ExecutorService patient,
    ExecutorService events,
    ScheduledExecutorService timer)
    implements AutoCloseable {
  private static final int PATIENT = 64;

  /** A thousand times what a container takes to leave a request. */
  private static final long SOON_MILLIS = 500;

  static Threads start() {
    ScheduledExecutorService timer =
        new ScheduledThreadPoolExecutor(
            1, named("switchboard-timer"), new ThreadPoolExecutor.DiscardPolicy());
    Workers workers =
        new Workers(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            Threads.class.getClassLoader(),
            System::nanoTime,
            task -> {
              Future<?> unused = timer.schedule(task, Workers.LONG_NANOS, TimeUnit.NANOSECONDS);
            });
    return new Threads(
        workers, pool(PATIENT, "switchboard-patient"), pool(1, "switchboard-events"), timer);
  }

  /** At most {@code size} threads, none of them when there is nothing to do. */
  static ExecutorService pool(int size, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size,
            size,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named(name),
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Returns what sessions send on. */
  SendingThreads sending() {
    return new SendingThreads(workers, patient, workers);
  }

  /** Runs {@code task} soon on {@link #patient}; not at all after the end. */
  void soon(Runnable task) {
    Future<?> unused =
        timer.schedule(() -> patient.execute(task), SOON_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Threads that see the WAR's classes and do not keep the JVM alive. */
  static ThreadFactory named(String name) {
    ClassLoader loader = Threads.class.getClassLoader();
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      thread.setContextClassLoader(loader);
      return thread;
    };
  }

  /** Waits, unless interrupted. */
  static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets what was submitted to two pools finish, for a moment, and ends their threads. */
  static void end(ExecutorService one, ExecutorService other) {
    one.shutdown();
    other.shutdown();
    try {
      boolean finished = one.awaitTermination(2, TimeUnit.SECONDS);
      if (!other.awaitTermination(2, TimeUnit.SECONDS) || !finished) {
        one.shutdownNow();
        other.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets what was submitted finish, for a moment, and ends all threads. */
  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdown();
    patient.shutdown();
    try {
      boolean finished = workers.awaitEnd();
      if (!patient.awaitTermination(2, TimeUnit.SECONDS) || !finished) {
        workers.shutdownNow();
        patient.shutdownNow();
      }
      events.shutdown(); // the last to end, for what ended above may have told it something
      if (!events.awaitTermination(2, TimeUnit.SECONDS)) {
        events.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
