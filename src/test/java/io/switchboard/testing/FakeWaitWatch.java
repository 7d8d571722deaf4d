package io.switchboard.testing;

import io.switchboard.concurrent.WaitWatch;
import java.util.function.LongSupplier;

/** Lets work wait, or does not, as the test says. */
public final class FakeWaitWatch implements WaitWatch {
  /** Whether one more may wait. */
  public boolean mayWait = true;

  private final LongSupplier nanos;

  public FakeWaitWatch(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public boolean mayWait() {
    return mayWait;
  }

  @Override
  public long run(Runnable work) {
    long start = nanos.getAsLong();
    work.run();
    return nanos.getAsLong() - start;
  }
}
