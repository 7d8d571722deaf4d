package io.switchboard.boot;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one deployment.
 *
 * @param workers as many as there are cores; they never wait for a peer
 * @param closers a few that may: Tomcat waits for a peer that reads nothing when it closes
 * @param timer beats the heartbeat
 */
record Threads(ExecutorService workers, ExecutorService closers, ScheduledExecutorService timer)
    implements AutoCloseable {
  private static final int CLOSERS = 8;

  static Threads start() {
    int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
    ThreadPoolExecutor closers =
        new ThreadPoolExecutor(
            CLOSERS,
            CLOSERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("switchboard-closer"));
    closers.allowCoreThreadTimeOut(true);
    return new Threads(
        Executors.newFixedThreadPool(cores, named("switchboard-worker")),
        closers,
        Executors.newSingleThreadScheduledExecutor(named("switchboard-timer")));
  }

  /** Threads that see the WAR's classes and do not keep the JVM alive. */
  private static ThreadFactory named(String name) {
    ClassLoader loader = Threads.class.getClassLoader();
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      thread.setContextClassLoader(loader);
      return thread;
    };
  }

  /** Lets what was submitted finish, for a moment, and ends all threads. */
  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdown();
    closers.shutdown();
    try {
      boolean finished = workers.awaitTermination(2, TimeUnit.SECONDS);
      if (!closers.awaitTermination(2, TimeUnit.SECONDS) || !finished) {
        workers.shutdownNow();
        closers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
