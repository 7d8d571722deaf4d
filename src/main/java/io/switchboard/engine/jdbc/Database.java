package io.switchboard.engine.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * One database with the schema in it: connections, and what H2 and PostgreSQL do differently.
 *
 * <p>Safe for use by many threads. The methods with SQL block.
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Database.class.getName());

  /** H2: the file belongs to another process, or to another class loader of this one. */
  private static final int H2_ALREADY_OPEN = 90020;

  private static final Duration CONNECT = Duration.ofSeconds(2);

  /**
   * With a delay, H2 answers a commit before the file has it, and writes on a thread of its own. 0
   * hands every commit to the file before it is answered, which a kill of the process survives; see
   * {@link #harden} for the rest. The file is closed by {@link #close} and not by a shutdown hook,
   * which would come before the last publications. What was overwritten in the file is used again
   * after a second instead of 45: that long ago it was {@linkplain #harden forced} to the disk.
   */
  private static final String H2_OPTIONS =
      ";WRITE_DELAY=0;RETENTION_TIME=1000;DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64";

  private final String name;
  private final DataSource source;
  private final boolean isH2;
  private final String epoch;

  private Database(String name, DataSource source, boolean isH2, Supplier<String> epochs) {
    this.name = name;
    this.source = source;
    this.isH2 = isH2;
    try {
      migrate();
      this.epoch = readEpoch(epochs);
    } catch (FlywayException | SQLException e) {
      close();
      throw failure("cannot prepare the schema", e);
    }
  }

  /**
   * Connects and brings the schema up to date.
   *
   * @param epochs gives the name under which an empty database begins its logs
   * @param threads makes the pool's own threads
   * @throws DatabaseException if the database cannot be reached, or belongs to another process
   */
  public static Database open(
      JdbcSettings settings, Supplier<String> epochs, ThreadFactory threads) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("switchboard");
    config.setThreadFactory(threads);
    config.setAutoCommit(false);
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(CONNECT.toMillis());
    config.setValidationTimeout(CONNECT.toMillis() / 2);
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    if (settings.isH2()) {
      config.setDriverClassName("org.h2.Driver"); // the WAR's: no service loader finds it there
      config.setJdbcUrl(settings.url() + H2_OPTIONS);
      config.setMaxLifetime(0); // the file would be closed with the last connection
    } else {
      config.setDriverClassName("org.postgresql.Driver");
      config.setJdbcUrl(settings.url());
      config.addDataSourceProperty("reWriteBatchedInserts", "true");
      config.addDataSourceProperty("connectTimeout", Long.toString(CONNECT.toSeconds()));
      config.addDataSourceProperty("tcpKeepAlive", "true");
    }
    try {
      return new Database(
          settings.database(), new HikariDataSource(config), settings.isH2(), epochs);
    } catch (RuntimeException e) {
      throw explain(settings, e);
    }
  }

  /**
   * Uses the connections of a container.
   *
   * @param name what to call it in messages, for example its JNDI name
   * @throws DatabaseException if the database cannot be reached or is neither H2 nor PostgreSQL
   */
  public static Database of(DataSource source, String name, Supplier<String> epochs) {
    try (Connection connection = source.getConnection()) {
      String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
      if (!product.equals("h2") && !product.equals("postgresql")) {
        throw new DatabaseException(name + " is " + product + ", not H2 or PostgreSQL", null);
      }
      if (product.equals("h2")) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET WRITE_DELAY 0");
          statement.execute("SET RETENTION_TIME 1000");
        }
      }
      return new Database(name, source, product.equals("h2"), epochs);
    } catch (SQLException e) {
      throw new DatabaseException("cannot connect to " + name + ": " + e.getMessage(), e);
    }
  }

  private static RuntimeException explain(JdbcSettings settings, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getErrorCode() == H2_ALREADY_OPEN) {
        String file = settings.database().replaceFirst("^jdbc:h2:(file:)?", "") + ".mv.db";
        return new DatabaseException(
            "the database file " + file + " is in use by another process", e);
      }
    }
    return e instanceof DatabaseException
        ? e
        : new DatabaseException(
            "cannot connect to " + settings.database() + ": " + e.getMessage(), e);
  }

  private void migrate() {
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:io/switchboard/engine/jdbc")
        .table("sb_schema")
        .baselineOnMigrate(true) // other tables may live there: ours are named sb_
        .baselineVersion("0")
        .load()
        .migrate();
  }

  private String readEpoch(Supplier<String> epochs) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement read =
            connection.prepareStatement("SELECT epoch FROM sb_database WHERE id = 1")) {
      for (int attempt = 0; ; attempt++) {
        try (ResultSet row = read.executeQuery()) {
          if (row.next()) {
            String found = row.getString(1);
            connection.commit();
            return found;
          }
        }
        try (PreparedStatement begin =
            connection.prepareStatement("INSERT INTO sb_database (id, epoch) VALUES (1, ?)")) {
          begin.setString(1, epochs.get());
          begin.executeUpdate();
          connection.commit();
          harden(connection);
        } catch (SQLException e) {
          connection.rollback();
          if (attempt > 0 || Failure.of(e) != Failure.CONFLICT) {
            throw e;
          }
        }
      }
    }
  }

  /** Returns the epoch of the logs that are begun. */
  String epoch() {
    return epoch;
  }

  /** Returns a connection that does not commit by itself; closing it gives it back. */
  Connection connect() throws SQLException {
    Connection connection = source.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  /**
   * Makes what was committed survive a loss of power. PostgreSQL has done that with the commit; H2
   * has only handed it to the operating system.
   */
  void harden(Connection connection) throws SQLException {
    if (isH2) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
    }
  }

  /** Lets go of all connections that nobody uses, for the database has gone away. */
  void renew() {
    if (source instanceof HikariDataSource pool && pool.getHikariPoolMXBean() != null) {
      pool.getHikariPoolMXBean().softEvictConnections();
    }
  }

  /** Returns the exception for what the driver said, naming the database. */
  DatabaseException failure(String what, Exception e) {
    return new DatabaseException("%s in %s: %s".formatted(what, name, e.getMessage()), e);
  }

  /** Closes the pool, and with it H2's file; a container's connections stay. */
  @Override
  public void close() {
    if (source instanceof HikariDataSource pool) {
      pool.close();
      LOG.log(Level.DEBUG, "closed {0}", name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
