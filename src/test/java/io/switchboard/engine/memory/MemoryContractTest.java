package io.switchboard.engine.memory;

import io.switchboard.engine.Broker;
import io.switchboard.engine.BrokerContractTest;

class MemoryContractTest extends BrokerContractTest {
  @Override
  protected Broker open() {
    return new MemoryBroker(
        NAMESPACES, new MemorySettings(10_000_000, 100), time, () -> "e1", Runnable::run);
  }

  @Override
  protected void end() {}

  @Override
  protected void trim() {}
}
