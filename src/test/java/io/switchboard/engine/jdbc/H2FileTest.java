package io.switchboard.engine.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Availability;
import io.switchboard.engine.Broker.History;
import io.switchboard.engine.Broker.Query;
import io.switchboard.engine.Broker.Request;
import io.switchboard.testing.FakeTime;
import jakarta.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.h2.Driver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2FileTest {
  private static final ChannelName LOBBY = ChannelName.room("lobby");
  private static final Payload DATA = Payload.of(Json.createValue("x"));

  private final Path folder;
  private final FakeTime time = new FakeTime();

  H2FileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private String url() {
    return "jdbc:h2:file:" + folder.resolve("log");
  }

  private Engine open() {
    return Engine.open(settings(), keepAll(), time);
  }

  private JdbcSettings settings() {
    return new JdbcSettings(url(), "", "", 4, Engine.BACKLOG);
  }

  private static List<Namespace> keepAll() {
    return List.of(
        new Namespace(
            "room", Access.ANYONE, Access.ANYONE, 1_000_000, Duration.ofDays(36_500), false));
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static StreamPosition publish(Engine engine) {
    return await(engine.broker.publish(LOBBY, new Request(null, DATA, null, false))).position();
  }

  private static History all(Engine engine) {
    return await(engine.broker.history(LOBBY, new Query(null, 1_000_000, false)));
  }

  @Test
  void reopeningKeepsEverything() {
    StreamPosition last;
    try (Engine engine = open()) {
      publish(engine);
      await(engine.broker.mark("alice", LOBBY, 1).thenApply(nothing -> true));
      last = publish(engine);
    }
    try (Engine engine = open()) {
      assertEquals(last, all(engine).top());
      assertEquals(2, all(engine).publications().size());
      assertEquals(OptionalLong.of(1), await(engine.broker.marked("alice", LOBBY)));
      assertEquals(new StreamPosition(last.epoch(), 3), publish(engine));
    }
  }

  @Test
  void whatWasAnsweredSurvivesKillMinusNine() throws IOException, InterruptedException {
    String epoch = "";
    long top = 0;
    for (int round = 1; round <= 3; round++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  PublishLoop.class.getName(),
                  url())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String last = "";
      try (BufferedReader answers = process.inputReader()) {
        int count = 0;
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
          if (line.indexOf(' ') > 0 && line.length() >= last.length()) {
            last = line; // the one that was cut short by the end is shorter
          }
          if (++count == 2_000) {
            process.toHandle().destroyForcibly(); // Process's own would close the stream
          }
        }
      }
      process.waitFor();
      String[] answered = last.split(" ", 2);
      try (Engine engine = open()) {
        History history = all(engine);
        assertTrue(Long.parseLong(answered[1]) >= top + 2_000, last);
        assertTrue(history.top().offset() >= Long.parseLong(answered[1]), last);
        assertEquals(answered[0], history.top().epoch());
        assertEquals(round == 1 ? answered[0] : epoch, history.top().epoch());
        assertEquals(
            LongStream.rangeClosed(1, history.top().offset()).boxed().toList(),
            history.publications().stream().map(Publication::offset).toList());
        epoch = history.top().epoch();
        top = publish(engine).offset();
        assertEquals(history.top().offset() + 1, top);
      }
    }
  }

  @Test
  void aSecondProcessIsToldWhichFileIsInUse() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                PublishLoop.class.getName(),
                url())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader answers = process.inputReader()) {
      answers.readLine();
      DatabaseException e = assertThrows(DatabaseException.class, this::open);
      assertEquals(
          "the database file " + folder.resolve("log.mv.db") + " is in use by another process",
          e.getMessage());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void theFileOfAnOlderDeploymentIsWaitedFor() throws Exception {
    URL h2 = Driver.class.getProtectionDomain().getCodeSource().getLocation();
    Database database =
        Database.of(settings(), () -> "epoch", task -> new Thread(task, "pool of a test"));
    try (URLClassLoader older =
        new URLClassLoader(new URL[] {h2}, ClassLoader.getPlatformClassLoader())) {
      java.sql.Driver driver =
          (java.sql.Driver)
              older.loadClass(Driver.class.getName()).getDeclaredConstructor().newInstance();
      try (Connection held = driver.connect(url(), new Properties())) {
        assertTrue(held.isValid(1));
        assertFalse(database.open());
        assertFalse(database.isMet());
      }
    }
    try (Connection later = database.connect()) {
      assertTrue(later.isValid(1));
      assertTrue(database.isMet());
    } finally {
      database.close();
    }
  }

  @Test
  void tooManyThatWaitAreRefused() {
    try (Engine engine = open()) {
      Runnable release = engine.hold();
      for (int i = 0; i < 10_000; i++) {
        engine.broker.publish(LOBBY, new Request(null, DATA, null, false));
      }
      var refused = engine.broker.publish(LOBBY, new Request(null, DATA, null, false));
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> refused.toCompletableFuture().get());
      assertTrue(e.getCause() instanceof RejectedExecutionException);
      release.run();
    }
  }

  @Test
  void whatWaitsIsBoundedInBytesToo() {
    JdbcSettings small =
        new JdbcSettings(url(), "", "", 4, new JdbcSettings.Backlog(10_000, 100_000));
    Payload large = Payload.of(Json.createValue("x".repeat(60_000)));
    try (Engine engine = Engine.open(small, keepAll(), time)) {
      Runnable release = engine.hold();
      var first = engine.broker.publish(LOBBY, new Request(null, large, null, false));
      var refused = engine.broker.publish(LOBBY, new Request(null, large, null, false));
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> refused.toCompletableFuture().get());
      assertTrue(Availability.isRefusal(e.getCause()));
      release.run();
      assertEquals(1, await(first).position().offset());
    }
  }

  @Test
  void trimmingDeletesWhatReadsHide() {
    Namespace few =
        new Namespace("room", Access.ANYONE, Access.ANYONE, 5, Duration.ofDays(1), false);
    try (Engine engine = Engine.open(settings(), List.of(few), time)) {
      for (int i = 0; i < 1_205; i++) {
        engine.broker.publish(LOBBY, new Request(null, DATA, null, false));
      }
      publish(engine);
      assertEquals(1_201L, await(engine.broker.trim()));
      assertEquals(0L, await(engine.broker.trim()));
      assertEquals(5, all(engine).publications().size());
      time.pass(Duration.ofDays(2));
      assertEquals(5L, await(engine.broker.trim()));
      assertFalse(await(engine.broker.recover(LOBBY, all(engine).top(), 1)).top().offset() == 0);
    }
  }
}
