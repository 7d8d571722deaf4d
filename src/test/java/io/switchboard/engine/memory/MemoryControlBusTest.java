package io.switchboard.engine.memory;

import io.switchboard.engine.ControlBus;
import io.switchboard.engine.ControlBusContractTest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

class MemoryControlBusTest extends ControlBusContractTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final MemoryControlBus bus = new MemoryControlBus(threads);

  @Override
  protected ControlBus bus() {
    return bus;
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }
}
