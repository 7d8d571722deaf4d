package io.switchboard.engine.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2ContractTest extends JdbcContractTest {
  private final Path folder;

  H2ContractTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  JdbcSettings database() {
    return new JdbcSettings("jdbc:h2:file:" + folder.resolve("log"), "", "", 4, Engine.BACKLOG);
  }
}
