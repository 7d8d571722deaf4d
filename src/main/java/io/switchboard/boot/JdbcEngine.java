package io.switchboard.boot;

import io.switchboard.engine.Availability;
import io.switchboard.engine.SplitBroker;
import io.switchboard.engine.jdbc.Database;
import io.switchboard.engine.jdbc.DatabaseException;
import io.switchboard.engine.jdbc.JdbcBroker;
import io.switchboard.engine.jdbc.JdbcBroker.Environment;
import io.switchboard.engine.jdbc.JdbcSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The durable engine with its threads, and what has to be done for it from time to time. */
final class JdbcEngine {
  private static final Logger LOG = System.getLogger(JdbcEngine.class.getName());

  /** Readers do not see what is due; this is how long it takes up room. */
  private static final Duration TRIM = Duration.ofMinutes(1);

  /**
   * So soon one learns that a database has gone away, or is back, of which nobody wants a thing.
   */
  private static final Duration PROBE = Duration.ofSeconds(2);

  /** The writer and the trimming have a connection each, besides those of the readers. */
  private static final int NOT_READERS = 2;

  private final JdbcBroker broker;
  private final ExecutorService writer;
  private final ExecutorService readers;
  private final ScheduledFuture<?> trimming;
  private final ScheduledFuture<?> probing;

  private JdbcEngine(
      Database database, int poolSize, JdbcSettings.Backlog backlog, Engine.Parts parts) {
    this.writer = Threads.pool(1, "switchboard-writer");
    this.readers = Threads.pool(poolSize - NOT_READERS, "switchboard-reader");
    this.broker =
        new JdbcBroker(
            parts.namespaces(),
            database,
            parts.name(),
            backlog,
            new Environment(writer, readers, parts.clock(), Threads::pause));
    this.trimming = every(TRIM, this::trim, parts.threads());
    this.probing = every(PROBE, broker::probe, parts.threads());
  }

  /**
   * Opens the database and starts the engine on it. A database that cannot be reached for now is
   * tried again and again, and the engine is not {@linkplain Availability available} until it is.
   *
   * @throws IllegalStateException if the database cannot be used; nothing is left open
   */
  static Engine start(
      Database database, int poolSize, JdbcSettings.Backlog backlog, Engine.Parts parts) {
    try {
      database.open();
    } catch (DatabaseException e) {
      Database.forgetDrivers();
      throw new IllegalStateException("Switchboard cannot start: " + e.getMessage(), e);
    }
    JdbcEngine engine = new JdbcEngine(database, poolSize, backlog, parts);
    SplitBroker both = new SplitBroker(parts.namespaces(), engine.broker, Engine.memory(parts));
    return new Engine(both, both, engine.broker, engine::end);
  }

  private static ScheduledFuture<?> every(Duration pause, Runnable task, Threads threads) {
    return threads
        .timer()
        .scheduleWithFixedDelay(task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void trim() {
    broker
        .trim()
        .whenComplete(
            (deleted, failure) -> {
              if (failure == null) {
                LOG.log(Level.DEBUG, "deleted {0} publications that are kept no longer", deleted);
              } else if (!Availability.isRefusal(failure)) {
                LOG.log(Level.ERROR, "what is kept no longer could not be deleted", failure);
              }
            });
  }

  private void end() {
    trimming.cancel(false);
    probing.cancel(false);
    broker.close(); // before any thread is interrupted: an interrupt closes the file of H2
    Threads.end(writer, readers);
    Database.forgetDrivers();
  }
}
