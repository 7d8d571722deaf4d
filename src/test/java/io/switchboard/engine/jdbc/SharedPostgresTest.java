package io.switchboard.engine.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.Broker.Query;
import io.switchboard.engine.Broker.Request;
import io.switchboard.testing.FakeTime;
import jakarta.json.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two processes on one database, and a database that goes away and comes back. */
class SharedPostgresTest {
  @RegisterExtension static final Postgres POSTGRES = new Postgres();
  private static final ChannelName LOBBY = ChannelName.room("lobby");
  private static final Payload DATA = Payload.of(Json.createValue("x"));

  private final FakeTime time = new FakeTime();
  private final JdbcSettings settings = POSTGRES.newDatabase();

  private Engine open() {
    return Engine.open(settings, Namespace.SHIPPED, time);
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static CompletionStage<Published> publish(
      Engine engine, ChannelName channel, @Nullable String key) {
    return engine.broker.publish(channel, new Request(null, DATA, key, false));
  }

  private static List<Long> history(Engine engine, ChannelName channel) {
    return await(engine.broker.history(channel, new Query(null, 10_000, false)))
        .publications()
        .stream()
        .map(Publication::offset)
        .toList();
  }

  @Test
  void twoProcessesNumberOneLog() {
    List<ChannelName> channels =
        LongStream.range(0, 20).mapToObj(n -> ChannelName.room("r" + n)).toList();
    try (Engine one = open();
        Engine two = open()) {
      List<CompletionStage<Published>> stages = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        for (ChannelName channel : channels.subList(0, 1 + i % 20)) {
          stages.add(publish(one, channel, null));
          stages.add(publish(two, channel, null));
        }
      }
      stages.forEach(SharedPostgresTest::await);
      for (ChannelName channel : channels) {
        long top = await(one.broker.history(channel, new Query(null, 0, false))).top().offset();
        List<Long> kept = history(two, channel);
        assertEquals(LongStream.rangeClosed(Math.max(1, top - 999), top).boxed().toList(), kept);
      }
      assertEquals(
          1_000,
          await(one.broker.history(channels.get(0), new Query(null, 0, true))).top().offset());
    }
  }

  @Test
  void aKeyHoldsForBothProcesses() {
    try (Engine one = open();
        Engine two = open()) {
      List<CompletionStage<Published>> stages = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        stages.add(publish(one, LOBBY, "k" + i));
        stages.add(publish(two, LOBBY, "k" + i));
      }
      long first =
          stages.stream()
              .map(SharedPostgresTest::await)
              .filter(published -> !published.duplicate())
              .count();
      assertEquals(200, first);
      assertEquals(LongStream.rangeClosed(1, 200).boxed().toList(), history(one, LOBBY));
      for (int i = 0; i < 400; i += 2) {
        assertEquals(await(stages.get(i)).position(), await(stages.get(i + 1)).position());
      }
    }
  }

  @Test
  void oneThatCannotBeStoredDoesNotHurtTheOthers() {
    try (Engine engine = open()) {
      Runnable release = engine.hold();
      CompletionStage<Published> first = publish(engine, LOBBY, null);
      CompletionStage<Published> refused = publish(engine, LOBBY, "\u0000");
      CompletionStage<Published> last = publish(engine, LOBBY, null);
      release.run();
      assertEquals(1, await(first).position().offset());
      assertThrows(AssertionError.class, () -> await(refused));
      assertEquals(2, await(last).position().offset());
      assertTrue(engine.broker.isAvailable());
    }
  }

  @Test
  void brokenConnectionsAreReplacedWithoutAnyoneNoticing() throws SQLException {
    try (Engine engine = open()) {
      await(publish(engine, LOBBY, null));
      cut();
      assertEquals(2, await(publish(engine, LOBBY, null)).position().offset());
      assertTrue(engine.broker.isAvailable());
    }
  }

  @Test
  void theDatabaseGoesAwayAndComesBack() throws SQLException {
    List<Duration> pauses = new CopyOnWriteArrayList<>();
    try (Engine engine = new Engine(settings, Namespace.SHIPPED, time, pauses::add)) {
      await(publish(engine, LOBBY, null));
      admin("ALTER DATABASE " + name() + " ALLOW_CONNECTIONS false");
      cut();
      ExecutionException e =
          assertThrows(
              ExecutionException.class,
              () -> publish(engine, LOBBY, null).toCompletableFuture().get(20, TimeUnit.SECONDS));
      assertTrue(e.getCause() instanceof RejectedExecutionException, e.toString());
      assertTrue(e.toString().contains(settings.database()), e.toString());
      assertEquals(List.of(Duration.ofMillis(50), Duration.ofMillis(100)), pauses);
      assertFalse(engine.broker.isAvailable());
      assertFalse(await(engine.broker.probe()));
      admin("ALTER DATABASE " + name() + " ALLOW_CONNECTIONS true");
      boolean back = false; // the pool pauses for up to 2 s, as long as a probe waits for it
      for (int probes = 0; probes < 10 && !back; probes++) {
        back = await(engine.broker.probe());
      }
      assertTrue(back);
      assertTrue(engine.broker.isAvailable());
      assertEquals(2, await(publish(engine, LOBBY, null)).position().offset());
      assertEquals(List.of(1L, 2L), history(engine, LOBBY));
    }
  }

  @Test
  void aCommitWithoutAnAnswerIsLookedUp() throws SQLException {
    try (Engine engine = open()) { // brings the schema
      await(publish(engine, LOBBY, null));
    }
    WriterRow row = new WriterRow("me");
    try (Database database = Engine.database(settings);
        Connection connection = database.connect()) {
      assertFalse(row.isWritten(connection, 1));
      connection.rollback();
      row.write(connection, 1, 0);
      connection.commit();
      assertTrue(row.isWritten(connection, 1));
      row.write(connection, 2, 0);
      connection.rollback();
      assertFalse(row.isWritten(connection, 2));
    }
  }

  private String name() {
    return settings.database().replaceFirst(".*/", "");
  }

  private void cut() throws SQLException {
    admin(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
            .formatted(name()));
  }

  private static void admin(String sql) throws SQLException {
    try (Connection connection = POSTGRES.server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
