package io.switchboard.engine.jdbc;

import io.switchboard.channel.Namespace;
import io.switchboard.engine.jdbc.JdbcBroker.Environment;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** A broker with threads of its own, on a database that a test chose. */
final class Engine implements AutoCloseable {
  static final JdbcSettings.Backlog BACKLOG = new JdbcSettings.Backlog(10_000, 64 << 20);

  final JdbcBroker broker;
  private final ExecutorService writer = Executors.newSingleThreadExecutor(daemons());
  private final ExecutorService readers = Executors.newFixedThreadPool(2, daemons());

  Engine(
      JdbcSettings settings, List<Namespace> namespaces, Clock clock, Consumer<Duration> sleeper) {
    broker =
        new JdbcBroker(
            namespaces,
            database(settings),
            UUID.randomUUID().toString(),
            settings.backlog(),
            new Environment(writer, readers, clock, sleeper));
  }

  static Engine open(JdbcSettings settings, List<Namespace> namespaces, Clock clock) {
    return new Engine(settings, namespaces, clock, pause -> {});
  }

  static Database database(JdbcSettings settings) {
    Database database = Database.of(settings, () -> UUID.randomUUID().toString(), daemons());
    database.open();
    return database;
  }

  static ThreadFactory daemons() {
    return task -> {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Keeps the writer busy until the returned task is run. */
  Runnable hold() {
    CountDownLatch released = new CountDownLatch(1);
    writer.execute(
        () -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return released::countDown;
  }

  @Override
  public void close() {
    broker.close();
    writer.shutdown();
    readers.shutdown();
  }
}
