package io.switchboard.engine.jdbc;

import io.switchboard.engine.Broker;
import io.switchboard.engine.BrokerContractTest;
import org.jspecify.annotations.Nullable;

/** The contract on one kind of database. */
abstract class JdbcContractTest extends BrokerContractTest {
  private @Nullable Engine engine;

  /** Returns where an empty database is. */
  abstract JdbcSettings database();

  final Engine engine() {
    if (engine == null) {
      throw new IllegalStateException("not open");
    }
    return engine;
  }

  @Override
  protected Broker open() {
    engine = Engine.open(database(), NAMESPACES, time);
    return engine.broker;
  }

  @Override
  protected void end() {
    engine().close();
  }

  @Override
  protected void trim() {
    await(engine().broker.trim());
  }

  @Override
  protected Runnable hold() {
    return engine().hold();
  }
}
