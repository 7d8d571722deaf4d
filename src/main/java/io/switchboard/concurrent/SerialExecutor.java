package io.switchboard.concurrent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An executor that runs its tasks one at a time, in the order in which they came, on the threads of
 * another executor.
 *
 * <p>Any thread may submit; none waits. What one task wrote, the next one sees, so state that only
 * tasks touch needs no lock. A task that fails is logged and does not stop the ones behind it.
 */
public final class SerialExecutor implements Executor {
  private static final Logger LOG = System.getLogger(SerialExecutor.class.getName());

  /** A task that gives its thread to others now and then. No other task runs in between. */
  public interface Stepwise extends Runnable {
    /** Does a part of it; returns whether that was the last. */
    boolean step();

    @Override
    default void run() {
      throw new UnsupportedOperationException("run it by steps");
    }
  }

  /** After so many tasks in a row the thread is given back, so that others get their turn. */
  private static final int BATCH = 256;

  private final Executor threads;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Tasks submitted and not yet finished; whoever raises it from 0 starts the run. */
  private final AtomicInteger pending = new AtomicInteger();

  /** The task that has begun and not ended; touched by the run only. */
  private @Nullable Runnable current;

  /** Makes one that runs on {@code threads}. */
  public SerialExecutor(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) {
      threads.execute(this::run);
    }
  }

  /** Returns how many tasks run or wait. */
  public int pending() {
    return pending.get();
  }

  private void run() {
    for (int done = 0; done < BATCH; done++) {
      Runnable task = current == null ? tasks.poll() : current;
      current = null;
      if (task == null) { // never: pending counts what was added before
        throw new IllegalStateException("a task is missing");
      }
      try {
        if (!(task instanceof Stepwise steps)) {
          task.run();
        } else if (!steps.step()) {
          current = task;
          threads.execute(this::run);
          return;
        }
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "a task failed", e);
      }
      if (pending.decrementAndGet() == 0) {
        return;
      }
    }
    threads.execute(this::run);
  }
}
