package io.switchboard.engine.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A PostgreSQL that lives as long as the tests of one class. */
final class Postgres implements BeforeAllCallback, AfterAllCallback {
  private final AtomicInteger databases = new AtomicInteger();
  private @Nullable EmbeddedPostgres server;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    server = EmbeddedPostgres.start();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    server().close();
  }

  EmbeddedPostgres server() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  /** Makes an empty database. */
  JdbcSettings newDatabase() {
    String name = "test" + databases.incrementAndGet();
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create a database", e);
    }
    String url = "jdbc:postgresql://localhost:%d/%s".formatted(server().getPort(), name);
    return new JdbcSettings(url, "postgres", "", 4, Engine.BACKLOG);
  }
}
