package io.switchboard.engine.jdbc;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Availability;
import io.switchboard.engine.Broker;
import io.switchboard.engine.ReadMarkers;
import io.switchboard.engine.jdbc.Operation.Clear;
import io.switchboard.engine.jdbc.Operation.Mark;
import io.switchboard.engine.jdbc.Operation.Probe;
import io.switchboard.engine.jdbc.Operation.Publish;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A broker that keeps everything in a database: what was answered survives the end of the process.
 *
 * <p>Publications, clearings and markers go through one {@link Writer}, reads and trimming run on
 * the reader threads; no caller waits. Stages fail with a {@link DatabaseException} while the
 * database is away and work again when it is back. The listener hears what is published through
 * this broker; what other processes publish on the same database comes by other ways.
 */
public final class JdbcBroker implements Broker, ReadMarkers, Availability, AutoCloseable {
  /**
   * The threads and the time it lives on.
   *
   * @param writer runs one task at a time; tasks block on the database
   * @param readers runs reads; tasks block on the database
   * @param clock tells when publications are accepted
   * @param sleeper waits for so long before a batch is tried again, on the writer's thread
   */
  public record Environment(
      Executor writer, Executor readers, Clock clock, Consumer<Duration> sleeper) {}

  /** A question to the database. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  private final Map<String, Namespace> namespaces = new LinkedHashMap<>();
  private final Database database;
  private final Environment environment;
  private final Health health;
  private final Writer writer;
  private final Reads reads;
  private final Trimmer trimmer;
  private final AtomicBoolean trimming = new AtomicBoolean();
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * Makes one on a database that was {@linkplain Database#open opened}, be it in vain; it closes it
   * with itself.
   *
   * @param id names this process among those that write to the same database
   */
  public JdbcBroker(
      List<Namespace> namespaces,
      Database database,
      String id,
      JdbcSettings.Backlog backlog,
      Environment environment) {
    namespaces.forEach(namespace -> this.namespaces.put(namespace.name(), namespace));
    this.database = database;
    this.environment = environment;
    this.health = new Health(database.toString());
    if (!database.isMet()) {
      health.beginAway();
    }
    this.writer =
        new Writer(
            database,
            health,
            environment.clock(),
            environment.writer(),
            environment.sleeper(),
            new WriterRow(id),
            backlog);
    this.reads = new Reads(database);
    this.trimmer = new Trimmer(database, this.namespaces);
  }

  @Override
  public void listen(Listener listener) {
    writer.listen(listener);
  }

  @Override
  public CompletionStage<Published> publish(ChannelName channel, Request request) {
    Namespace namespace = namespace(channel);
    CompletableFuture<Published> answer = new CompletableFuture<>();
    boolean stored = !request.ephemeral() && namespace.historySize() > 0;
    String text = stored ? text(request.data()) : "";
    writer.submit(new Publish(channel, namespace, request, text, answer));
    return answer.minimalCompletionStage();
  }

  private static String text(Payload data) {
    return data instanceof Payload.OfBytes bytes ? bytes.base64() : data.value().toString();
  }

  @Override
  public CompletionStage<History> history(ChannelName channel, Query query) {
    Namespace namespace = namespace(channel);
    return read(
        connection ->
            reads.history(connection, namespace, channel, query, environment.clock().instant()));
  }

  @Override
  public CompletionStage<Void> clear(ChannelName channel) {
    namespace(channel);
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    writer.submit(new Clear(channel, answer));
    return answer.minimalCompletionStage();
  }

  @Override
  public CompletionStage<Void> mark(String user, ChannelName channel, long offset) {
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    writer.submit(new Mark(user, channel, offset, answer));
    return answer.minimalCompletionStage();
  }

  @Override
  public CompletionStage<OptionalLong> marked(String user, ChannelName channel) {
    return read(connection -> reads.marked(connection, user, channel));
  }

  /**
   * Deletes in the background what is kept no longer; to be called from time to time, once a minute
   * or so. Reads hide what is due, so nobody sees the difference. The stage tells how many
   * publications were deleted, 0 if an earlier call is still busy.
   */
  public CompletionStage<Long> trim() {
    if (!trimming.compareAndSet(false, true)) {
      return CompletableFuture.completedStage(0L);
    }
    return read(connection -> trimmer.trim(connection, environment.clock().instant()))
        .whenComplete((deleted, failure) -> trimming.set(false));
  }

  /**
   * Has a little written to the database, by which {@link #isAvailable} learns that it has gone
   * away or is back; to be called by a timer, every few seconds. The stage tells whether it was
   * written; it never fails.
   */
  public CompletionStage<Boolean> probe() {
    if (!probing.compareAndSet(false, true)) {
      return CompletableFuture.completedStage(health.isWell());
    }
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    CompletionStage<Boolean> told =
        answer.whenComplete((written, failure) -> probing.set(false)).minimalCompletionStage();
    writer.submit(new Probe(answer));
    return told;
  }

  @Override
  public boolean isAvailable() {
    return health.isWell();
  }

  /** Waits for the batch under way, fails what waits behind it, and closes the database. */
  @Override
  public void close() {
    closed = true;
    writer.close();
    database.close();
  }

  private Namespace namespace(ChannelName channel) {
    Namespace namespace = namespaces.get(channel.namespace());
    if (namespace == null) {
      throw new IllegalArgumentException("no namespace is called " + channel.namespace());
    }
    return namespace;
  }

  private <T> CompletionStage<T> read(Question<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    environment
        .readers()
        .execute(
            () -> {
              try {
                answer.complete(ask(question));
              } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
              }
            });
    return answer.minimalCompletionStage();
  }

  /** A connection that was broken while nobody used it is replaced: hence a second attempt. */
  private <T> T ask(Question<T> question) {
    SQLException failure = null;
    for (int attempts = 0; attempts < 2 && !closed && !health.isAway(); attempts++) {
      try (Connection connection = database.connect()) {
        T answer = question.ask(connection);
        connection.rollback(); // ends the snapshot; nothing was written or it is committed
        return answer;
      } catch (SQLException e) {
        failure = e;
        if (Failure.of(e) != Failure.GONE) {
          break;
        }
        database.renew();
      }
    }
    if (failure == null || closed) {
      throw database.away();
    }
    if (Failure.of(failure) == Failure.GONE) {
      health.doubt(failure);
      probe(); // which decides
    }
    throw database.failure("cannot read", failure);
  }
}
