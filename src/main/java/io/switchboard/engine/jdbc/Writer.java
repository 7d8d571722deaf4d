package io.switchboard.engine.jdbc;

import io.switchboard.channel.Publication;
import io.switchboard.engine.Broker.Listener;
import io.switchboard.engine.jdbc.Batch.Answer;
import io.switchboard.engine.jdbc.Operation.Clear;
import io.switchboard.engine.jdbc.Operation.Mark;
import io.switchboard.engine.jdbc.Operation.Probe;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one that writes: it takes what has piled up into one transaction, and answers and announces
 * it after the commit (group commit).
 *
 * <p>Any thread may submit. One batch is written at a time, on the thread that was passed in.
 */
final class Writer {
  private static final Logger LOG = System.getLogger(Writer.class.getName());
  private static final int MAX_OPERATIONS = 512;
  private static final int MAX_BYTES = 1 << 20;

  /** So often a batch is tried on a database that was well before; once on one that was not. */
  private static final int ATTEMPTS_GONE = 3;

  private static final int ATTEMPTS_CONFLICT = 10;
  private static final Duration PAUSE_GONE = Duration.ofMillis(50);
  private static final Duration PAUSE_CONFLICT = Duration.ofMillis(2);

  private final Database database;
  private final Health health;
  private final Clock clock;
  private final Executor thread;
  private final Consumer<Duration> sleeper;
  private final WriterRow row;
  private final JdbcSettings.Backlog backlog;
  private final Queue<Operation> waiting = new ConcurrentLinkedQueue<>();

  /** Operations that wait or are being written; whoever raises it from 0 starts the run. */
  private final AtomicInteger pending = new AtomicInteger();

  /** The bytes of those. */
  private final AtomicLong pendingBytes = new AtomicLong();

  /** Held while a batch is written, so that {@link #close} can wait for it. */
  private final Semaphore idle = new Semaphore(1);

  private volatile @Nullable Listener listener;
  private volatile boolean closed;

  Writer(
      Database database,
      Health health,
      Clock clock,
      Executor thread,
      Consumer<Duration> sleeper,
      WriterRow row,
      JdbcSettings.Backlog backlog) {
    this.database = database;
    this.health = health;
    this.clock = clock;
    this.thread = thread;
    this.sleeper = sleeper;
    this.row = row;
    this.backlog = backlog;
  }

  void listen(Listener listener) {
    this.listener = listener;
  }

  /** Queues {@code operation}, or fails it where too many wait. */
  void submit(Operation operation) {
    if (closed) {
      operation.fail(isClosed());
    } else if (operation.needsDatabase() && health.isAway()) {
      operation.fail(database.away());
    } else if (isFull(operation)) {
      operation.fail(new RejectedExecutionException("too many publications wait for " + database));
    } else {
      pendingBytes.addAndGet(operation.size());
      waiting.add(operation);
      if (pending.getAndIncrement() == 0) {
        thread.execute(this::run);
      }
      if (closed) { // meanwhile: nobody else looks
        failWaiting();
      }
    }
  }

  private boolean isFull(Operation operation) {
    int count = pending.get();
    return count >= backlog.operations()
        || (count > 0 && pendingBytes.get() + operation.size() > backlog.bytes());
  }

  /** Waits for the batch that is being written, and fails what waits behind it. */
  void close() {
    closed = true;
    failWaiting();
  }

  private void failWaiting() {
    idle.acquireUninterruptibly();
    for (Operation operation = waiting.poll(); operation != null; operation = waiting.poll()) {
      operation.fail(isClosed());
    }
    idle.release();
  }

  private RejectedExecutionException isClosed() {
    return new RejectedExecutionException(database + " is closed");
  }

  private void run() {
    idle.acquireUninterruptibly();
    List<Operation> batch = closed ? List.of() : take();
    int done = batch.size();
    long bytes = size(batch);
    try {
      if (!batch.isEmpty() && !write(batch)) {
        // The database is gone: whoever waits would only wait as long again.
        for (int behind = pending.get() - done; behind > 0; behind--) {
          Operation operation = next();
          operation.fail(database.away());
          bytes += operation.size();
          done++;
        }
      }
    } finally {
      idle.release();
      pendingBytes.addAndGet(-bytes);
      if (pending.addAndGet(-done) > 0 && !closed) {
        thread.execute(this::run);
      }
    }
  }

  private static long size(List<Operation> operations) {
    return operations.stream().mapToLong(Operation::size).sum();
  }

  private Operation next() {
    Operation operation = waiting.poll();
    if (operation == null) { // never: pending counts what was added before
      throw new IllegalStateException("an operation is missing");
    }
    return operation;
  }

  /** Takes what has piled up, within bounds. */
  private List<Operation> take() {
    List<Operation> batch = new ArrayList<>();
    int bytes = 0;
    int ready = Math.min(pending.get(), MAX_OPERATIONS);
    while (batch.size() < ready && bytes < MAX_BYTES) {
      Operation first = waiting.peek();
      if (first != null && first.isAlone() && !batch.isEmpty()) {
        break;
      }
      Operation operation = next();
      batch.add(operation);
      bytes += operation.size();
      if (operation.isAlone()) {
        break;
      }
    }
    return batch;
  }

  /** Writes {@code batch} and returns false if the database is gone. Every operation is ended. */
  private boolean write(List<Operation> batch) {
    try {
      finish(batch, commit(batch));
      return true;
    } catch (SQLException e) {
      Failure failure = Failure.of(e);
      if (failure == Failure.REFUSED && batch.size() > 1) {
        // One of them cannot be stored: the others must not suffer.
        boolean there = true;
        for (Operation operation : batch) {
          there &= write(List.of(operation));
        }
        return there;
      }
      if (failure == Failure.GONE) {
        health.away(e);
      }
      RuntimeException reason = database.failure("cannot write", e);
      batch.forEach(operation -> operation.fail(reason));
      return failure != Failure.GONE;
    } catch (RuntimeException | Error e) {
      RuntimeException reason = new DatabaseException("cannot write to " + database, e);
      batch.forEach(operation -> operation.fail(reason));
      LOG.log(Level.ERROR, "cannot write to " + database, e);
      return true;
    }
  }

  private List<Answer> commit(List<Operation> batch) throws SQLException {
    if (Batch.isTransient(batch) && database.isMet()) {
      return Batch.pass(batch, database.epoch(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
    boolean wasAway = health.isAway();
    Attempt attempt = new Attempt(batch);
    for (int attempts = 1; ; attempts++) {
      try {
        List<Answer> answers = attempt.run();
        health.well();
        return answers;
      } catch (SQLException e) {
        Failure failure = Failure.of(e);
        if (failure == Failure.GONE) {
          health.doubt(e);
          database.renew();
        }
        boolean conflict = failure == Failure.CONFLICT;
        int most = conflict ? ATTEMPTS_CONFLICT : wasAway ? 1 : ATTEMPTS_GONE;
        if (failure == Failure.REFUSED || attempts >= most || closed) {
          throw e;
        }
        Duration pause = conflict ? PAUSE_CONFLICT : PAUSE_GONE;
        sleeper.accept(pause.multipliedBy(1L << (attempts - 1)));
      }
    }
  }

  /** A batch on its way to the database, through several attempts if need be. */
  private final class Attempt {
    private final List<Operation> operations;
    private final long number = row.next();

    /** What the answers will be if a commit that was not answered has succeeded. */
    private @Nullable List<Answer> unknown;

    Attempt(List<Operation> operations) {
      this.operations = operations;
    }

    List<Answer> run() throws SQLException {
      try (Connection connection = database.connect()) {
        try {
          List<Answer> answers = unknown;
          if (answers == null || !row.isWritten(connection, number)) {
            unknown = null;
            answers =
                new Batch(
                        connection,
                        database.epoch(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS))
                    .write(operations);
            row.write(connection, number, clock.millis());
            unknown = answers;
          }
          connection.commit();
          database.harden(connection);
          return answers;
        } catch (SQLException | RuntimeException e) {
          rollback(connection, e);
          throw e;
        }
      }
    }
  }

  private static void rollback(Connection connection, Exception reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private void finish(List<Operation> batch, List<Answer> answers) {
    for (Answer answer : answers) {
      if (answer.publication() != null) {
        announce(answer, answer.publication());
      }
      answer.operation().answer().complete(answer.published());
    }
    for (Operation operation : batch) {
      if (operation instanceof Clear clear) {
        clear.answer().complete(null);
      } else if (operation instanceof Mark mark) {
        mark.answer().complete(null);
      } else if (operation instanceof Probe probe) {
        probe.answer().complete(true);
      }
    }
  }

  private void announce(Answer answer, Publication publication) {
    Listener told = listener;
    if (told == null) {
      return;
    }
    try {
      told.published(answer.operation().channel(), publication);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "the listener failed", e);
    }
  }
}
