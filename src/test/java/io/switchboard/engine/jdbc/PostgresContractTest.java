package io.switchboard.engine.jdbc;

import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresContractTest extends JdbcContractTest {
  @RegisterExtension static final Postgres POSTGRES = new Postgres();

  @Override
  JdbcSettings database() {
    return POSTGRES.newDatabase();
  }
}
