package io.switchboard.boot;

import io.switchboard.concurrent.WaitWatch;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * As many threads as there are cores, and one more for each that waits for a peer.
 *
 * <p>What is submitted after the end is dropped. Safe for use by many threads.
 */
final class Workers implements Executor, WaitWatch {
  /** Who has waited for so long is replaced. */
  static final long LONG_NANOS = 10_000_000;

  /**
   * When so many wait, no more may. Those who began before that was noticed come on top, one for
   * each core at most.
   */
  static final int MAX_WAITING = 32;

  private static final long NOT_WAITING = Long.MIN_VALUE;

  /** A thread, and since when it may be waiting. */
  private final class Worker extends Thread {
    final AtomicLong since = new AtomicLong(NOT_WAITING);

    Worker(Runnable task, String name) {
      super(task, name);
    }

    @Override
    public void run() {
      alive.add(this);
      try {
        super.run();
      } finally {
        alive.remove(this);
      }
    }
  }

  private final int size;
  private final LongSupplier nanos;
  private final Executor soon;
  private final Set<Worker> alive = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor pool;

  /** Whether {@link #look} is going to run. */
  private final AtomicBoolean looking = new AtomicBoolean();

  /** How many have waited for long; written by {@link #look} only. */
  private volatile int waiting;

  /**
   * Makes them.
   *
   * @param size how many work at a time
   * @param soon runs a task after about {@link #LONG_NANOS}
   */
  Workers(int size, ClassLoader loader, LongSupplier nanos, Executor soon) {
    this.size = size;
    this.nanos = nanos;
    this.soon = soon;
    AtomicInteger count = new AtomicInteger();
    this.pool =
        new ThreadPoolExecutor(
            size,
            2 * size + MAX_WAITING,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Worker(task, "switchboard-worker-" + count.incrementAndGet());
              thread.setDaemon(true);
              thread.setContextClassLoader(loader);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  @Override
  public boolean mayWait() {
    return waiting < MAX_WAITING;
  }

  @Override
  public long run(Runnable work) {
    if (!(Thread.currentThread() instanceof Worker worker)) {
      throw new IllegalStateException("not on a worker");
    }
    long start = nanos.getAsLong();
    worker.since.lazySet(start);
    if (!looking.get() && looking.compareAndSet(false, true)) {
      soon.execute(this::look);
    }
    try {
      work.run();
    } finally {
      worker.since.lazySet(NOT_WAITING);
    }
    return nanos.getAsLong() - start;
  }

  private void look() {
    long now = nanos.getAsLong();
    boolean any = false;
    int count = 0;
    for (Worker worker : alive) {
      long since = worker.since.get();
      if (since != NOT_WAITING) {
        any = true;
        count += now - since >= LONG_NANOS ? 1 : 0;
      }
    }
    if (count != waiting) {
      waiting = count;
      pool.setCorePoolSize(size + Math.min(count, size + MAX_WAITING));
    }
    // Who begins while nobody is looking sees to it that somebody does.
    looking.set(any);
    if (any) {
      soon.execute(this::look);
    }
  }

  /** Lets what was submitted finish. */
  void shutdown() {
    pool.shutdown();
  }

  /** Returns whether all has finished within two seconds. */
  boolean awaitEnd() throws InterruptedException {
    return pool.awaitTermination(2, TimeUnit.SECONDS);
  }

  /** Ends all threads, whatever they do. */
  void shutdownNow() {
    pool.shutdownNow();
  }
}
