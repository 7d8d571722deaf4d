package io.switchboard.testing;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** An executor whose tasks run when the test says so, on the test's thread. */
public final class StepExecutor implements Executor {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Returns how many tasks wait. */
  public int waiting() {
    return tasks.size();
  }

  /** Runs the one that has waited longest. */
  public void step() {
    tasks.remove().run();
  }

  /** Runs all, and those that they submit. */
  public void runAll() {
    while (!tasks.isEmpty()) {
      step();
    }
  }
}
