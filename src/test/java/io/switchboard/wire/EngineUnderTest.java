package io.switchboard.wire;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the log of the WAR under test, by {@code -Dswitchboard.it.engine}: {@code h2}, in the
 * home of the deployment, as without any setting; {@code memory}; or {@code postgresql}, in a
 * database that is made for the deployment and dropped before the next one. The server is given by
 * {@code -Dswitchboard.it.postgresql=jdbc:postgresql://localhost:5432/postgres}, or brought along.
 */
final class EngineUnderTest {
  private static final String OWNER = "postgres";

  /** The address of the server without the name of a database. Guarded by the class. */
  private static @Nullable String server;

  private static @Nullable String database;

  private EngineUnderTest() {}

  /** The settings of a new deployment. */
  static synchronized Map<String, String> settings() {
    String engine = System.getProperty("switchboard.it.engine", "h2");
    return switch (engine) {
      case "h2" -> Map.of();
      case "memory" -> Map.of("switchboard.engine", "memory");
      case "postgresql" -> postgresql();
      default ->
          throw new IllegalArgumentException(
              "switchboard.it.engine: expected h2, memory or postgresql, got " + engine);
    };
  }

  private static Map<String, String> postgresql() {
    String address = server == null ? findServer() : server;
    server = address;
    try (Connection connection = DriverManager.getConnection(address + "postgres", OWNER, "");
        Statement statement = connection.createStatement()) {
      if (database != null) {
        statement.execute("DROP DATABASE " + database + " WITH (FORCE)");
      }
      database = "switchboard_" + UUID.randomUUID().toString().replace("-", "");
      statement.execute("CREATE DATABASE " + database);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make a database at " + address, e);
    }
    return Map.of("switchboard.jdbc.url", address + database, "switchboard.jdbc.user", OWNER);
  }

  private static String findServer() {
    String given = System.getProperty("switchboard.it.postgresql", "");
    if (!given.isEmpty()) {
      return given.substring(0, given.lastIndexOf('/') + 1);
    }
    try {
      // Ends with the JVM of the tests and takes its files along.
      return "jdbc:postgresql://localhost:%d/".formatted(EmbeddedPostgres.start().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException("no PostgreSQL", e);
    }
  }
}
