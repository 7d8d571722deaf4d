package io.switchboard.hub;

import io.switchboard.concurrent.SerialExecutor;
import io.switchboard.protocol.Push;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens on one channel, one thing after the other, in the order in which it was handed in.
 * Publications that wait behind each other are told together.
 *
 * <p>Any thread may hand in; none waits.
 */
final class Lane implements Executor {
  private final SerialExecutor tasks;
  private final Function<List<Push.Published>, BooleanSupplier> tell;

  private final Object lock = new Object();

  /** What a further publication joins, as long as nothing else came after it. */
  private @Nullable Tell last;

  /** Publications that are not told yet. */
  private int untold;

  // The two above are guarded by the lock.

  /**
   * Makes one.
   *
   * @param tell begins to tell publications, oldest first; what it returns tells some readers each
   *     time and then whether these were the last
   */
  Lane(Executor workers, Function<List<Push.Published>, BooleanSupplier> tell) {
    this.tasks = new SerialExecutor(workers);
    this.tell = tell;
  }

  /** Hands in a task. */
  @Override
  public void execute(Runnable task) {
    synchronized (lock) {
      last = null;
      tasks.execute(task);
    }
  }

  /** Hands in a publication. */
  void published(Push.Published push) {
    synchronized (lock) {
      untold++;
      if (last == null) {
        last = new Tell();
        tasks.execute(last);
      }
      last.pushes.add(push);
    }
  }

  /** Returns how many publications wait to be told. */
  int untold() {
    synchronized (lock) {
      return untold;
    }
  }

  /** Publications that are told together. */
  private final class Tell implements SerialExecutor.Stepwise {
    /** Guarded by the lock until it runs. */
    final List<Push.Published> pushes = new ArrayList<>();

    /** Tells some readers; absent until it has begun. */
    private @Nullable BooleanSupplier telling;

    @Override
    public boolean step() {
      if (telling == null) {
        synchronized (lock) {
          if (last == this) {
            last = null;
          }
          untold -= pushes.size();
        }
        telling = tell.apply(pushes);
      }
      return telling.getAsBoolean();
    }
  }
}
