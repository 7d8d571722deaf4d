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
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * One database with the schema in it: connections, and what H2 and PostgreSQL do differently.
 *
 * <p>The schema is made when the database is met for the first time, which may be long after the
 * start. Safe for use by many threads. The methods with SQL block.
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Database.class.getName());

  /** What a pool of our own is made from. */
  private record Own(JdbcSettings settings, ThreadFactory threads) {}

  /** What is known once the database was met. */
  private record Met(boolean isH2, String epoch, DataSource connections) {}

  /** Tells at length what it does and that it is older than H2; what fails is thrown. */
  private static final java.util.logging.Logger FLYWAY =
      java.util.logging.Logger.getLogger("org.flywaydb");

  /** Something that is not the answer of a driver. */
  private static final String CANNOT_BE_USED = "58000";

  private final String name;
  private final DataSource direct;
  private final @Nullable Own own;
  private final Supplier<String> epochs;
  private final Object meeting = new Object();

  /** Set once, under {@link #meeting}. */
  private volatile @Nullable Met met;

  /** Guarded by {@link #meeting}. */
  private boolean closed;

  private Database(String name, DataSource direct, @Nullable Own own, Supplier<String> epochs) {
    this.name = name;
    this.direct = direct;
    this.own = own;
    this.epochs = epochs;
  }

  /**
   * Makes one that has connections of its own. Nothing is opened yet.
   *
   * @param epochs gives the name under which an empty database begins its logs
   * @param threads makes the pool's own threads
   */
  public static Database of(JdbcSettings settings, Supplier<String> epochs, ThreadFactory threads) {
    return new Database(
        settings.database(), Drivers.source(settings), new Own(settings, threads), epochs);
  }

  /**
   * Makes one that uses the connections of a container. Nothing is opened yet.
   *
   * @param name what to call it in messages, for example its JNDI name
   * @param epochs gives the name under which an empty database begins its logs
   */
  public static Database of(DataSource source, String name, Supplier<String> epochs) {
    return new Database(name, source, null, epochs);
  }

  /**
   * Connects for the first time and brings the schema up to date. Where it returns false, each
   * {@link #connect} tries again.
   *
   * @return false if the database cannot be reached for now, which is logged
   * @throws DatabaseException if waiting will not help, and why
   */
  public boolean open() {
    try {
      meet();
      return true;
    } catch (SQLException e) {
      String reason = Failure.isHeldInHere(e) ? explain(e, "") : Failure.reason(e);
      if (Failure.isUnreachable(e) || Failure.isHeldInHere(e) || (own == null && !isUnusable(e))) {
        LOG.log(
            Level.ERROR,
            "{0} is not available: {1}; Switchboard is not ready until it is",
            name,
            reason);
        return false;
      }
      close();
      throw new DatabaseException(explain(e, reason), e);
    }
  }

  private static boolean isUnusable(SQLException e) {
    return CANNOT_BE_USED.equals(e.getSQLState());
  }

  private String explain(SQLException e, String reason) {
    if (e.getErrorCode() == Failure.H2_ALREADY_OPEN) {
      String file = name.replaceFirst("^jdbc:h2:(file:)?", "") + ".mv.db";
      String who = Failure.isHeldInHere(e) ? "deployment of this server" : "process";
      return "the database file " + file + " is in use by another " + who;
    }
    return isUnusable(e) ? reason : "cannot use " + name + ": " + reason;
  }

  private Met meet() throws SQLException {
    Met known = met;
    if (known != null) {
      return known;
    }
    synchronized (meeting) {
      if (closed) {
        throw new SQLException(name + " is closed", CANNOT_BE_USED);
      }
      if (met == null) {
        try (Connection connection = direct.getConnection()) { // keeps an H2 file open meanwhile
          boolean h2 = isH2(connection);
          migrate();
          String epoch = readEpoch(connection, h2);
          met = new Met(h2, epoch, own == null ? direct : pool(own));
        } catch (FlywayException e) {
          for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
              throw sql;
            }
          }
          throw new SQLException(
              "cannot prepare the schema in " + name + ": " + e.getMessage(), CANNOT_BE_USED, e);
        }
        LOG.log(Level.INFO, "The engine keeps everything in {0}", name);
      }
      return met;
    }
  }

  private boolean isH2(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    return switch (product.toLowerCase(Locale.ROOT)) {
      case "h2" -> {
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET WRITE_DELAY 0"); // a container's own may have another
          statement.execute("SET RETENTION_TIME 1000");
        }
        yield true;
      }
      case "postgresql" -> false;
      default ->
          throw new SQLException(
              name + " is " + product + ", not H2 or PostgreSQL", CANNOT_BE_USED);
    };
  }

  private HikariDataSource pool(Own own) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("switchboard");
    config.setThreadFactory(own.threads());
    config.setAutoCommit(false);
    config.setMaximumPoolSize(own.settings().poolSize());
    config.setConnectionTimeout(Drivers.CONNECT.toMillis());
    config.setValidationTimeout(Drivers.CONNECT.toMillis() / 2);
    config.setInitializationFailTimeout(-1);
    config.setDataSource(direct);
    if (own.settings().isH2()) {
      config.setMaxLifetime(0); // the file would be closed with the last connection
    }
    return new HikariDataSource(config);
  }

  private void migrate() {
    if (FLYWAY.getLevel() == null) {
      FLYWAY.setLevel(java.util.logging.Level.SEVERE);
    }
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(direct)
        .locations("classpath:io/switchboard/engine/jdbc")
        .table("sb_schema")
        .baselineOnMigrate(true) // other tables may live there: ours are named sb_
        .baselineVersion("0")
        .load()
        .migrate();
  }

  private String readEpoch(Connection connection, boolean h2) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement read =
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
          harden(connection, h2);
        } catch (SQLException e) {
          connection.rollback();
          if (attempt > 0 || Failure.of(e) != Failure.CONFLICT) {
            throw e;
          }
        }
      }
    }
  }

  /** Returns whether the database was met since the start. */
  boolean isMet() {
    return met != null;
  }

  /** Returns the epoch of the logs that are begun; known once a connection was made. */
  String epoch() {
    Met known = met;
    if (known == null) {
      throw new IllegalStateException(name + " was not met yet");
    }
    return known.epoch();
  }

  /** Returns a connection that does not commit by itself; closing it gives it back. */
  Connection connect() throws SQLException {
    Connection connection = meet().connections().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  /**
   * Makes what was committed survive a loss of power. PostgreSQL has done that with the commit; H2
   * has only handed it to the operating system.
   */
  void harden(Connection connection) throws SQLException {
    Met known = met;
    harden(connection, known != null && known.isH2());
  }

  private static void harden(Connection connection, boolean h2) throws SQLException {
    if (h2) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
    }
  }

  /** Lets go of all connections that nobody uses, for the database has gone away. */
  void renew() {
    Met known = met;
    if (known != null
        && known.connections() instanceof HikariDataSource pool
        && pool.getHikariPoolMXBean() != null) {
      pool.getHikariPoolMXBean().softEvictConnections();
    }
  }

  /** Returns the exception for what the driver said, naming the database. */
  RuntimeException failure(String what, SQLException e) {
    String message = "%s in %s: %s".formatted(what, name, Failure.reason(e));
    return Failure.of(e) == Failure.GONE
        ? new RejectedExecutionException(message, e)
        : new DatabaseException(message, e);
  }

  /** Returns the exception for what is not even tried. */
  RejectedExecutionException away() {
    return new RejectedExecutionException(name + " is not available");
  }

  /** Closes the pool, and with it H2's file; a container's connections stay. */
  @Override
  public void close() {
    synchronized (meeting) {
      closed = true;
      if (met != null && met.connections() instanceof HikariDataSource pool) {
        pool.close();
        LOG.log(Level.DEBUG, "closed {0}", name);
      }
    }
  }

  /**
   * Takes the drivers of this class loader off the JVM's list, on which they have put themselves: a
   * server that goes on would keep all classes of the WAR by it. To be called last of all.
   */
  public static void forgetDrivers() {
    Drivers.forget();
  }

  @Override
  public String toString() {
    return name;
  }
}
