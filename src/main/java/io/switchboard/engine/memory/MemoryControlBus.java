package io.switchboard.engine.memory;

import io.switchboard.concurrent.SerialExecutor;
import io.switchboard.engine.ControlBus;
import io.switchboard.engine.Order;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The bus of a node that is alone. Orders are carried out one at a time, on a worker. */
public final class MemoryControlBus implements ControlBus {
  /** So many orders may wait before more are refused. */
  static final int MAX_BACKLOG = 10_000;

  private final SerialExecutor serial;

  /** Guarded by {@link #serial}. */
  private Listener listener = order -> Outcome.NOBODY;

  /** Makes one whose orders are carried out on {@code threads}. */
  public MemoryControlBus(Executor threads) {
    this.serial = new SerialExecutor(threads);
  }

  @Override
  public CompletionStage<Outcome> send(Order order) {
    if (serial.pending() >= MAX_BACKLOG) {
      return CompletableFuture.failedStage(new RejectedExecutionException("too many orders wait"));
    }
    return CompletableFuture.supplyAsync(() -> listener.carryOut(order), serial)
        .minimalCompletionStage();
  }

  @Override
  public void listen(Listener listener) {
    serial.execute(() -> this.listener = listener);
  }
}
