package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import io.switchboard.channel.Payload;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of publishing, cutting, coming back, stopping to read and trimming, each checked
 * against what a reader must have seen.
 *
 * <p>Every history has a seed of its own, which is told when it fails.
 */
class RecoveryTest {
  private static final int HISTORIES = 700;
  private static final int STEPS = 60;
  private static final ChannelName LOG = new ChannelName("log:a");

  /** A reader, and the model of what it has seen. */
  private final class Reader {
    final String name;
    Client client;
    boolean subscribed;
    long seen;

    Reader(String name) {
      this.name = name;
      this.client = connect();
    }

    private Client connect() {
      Client fresh = node.connect(node.superchat, new Identity(name, false));
      fresh.sayAndSettle("{'type':'connect','id':1}");
      fresh.next("connected");
      return fresh;
    }

    void comeBack() {
      if (!subscribed) {
        client.say(
            "{'type':'subscribe','id':2,'channel':'log:a','since':{'epoch':'e','offset':%d}}"
                .formatted(seen));
        subscribed = true;
      }
    }

    /** Cuts the connection in the middle of whatever it was doing. */
    void cut() {
      read();
      client.session.connectionClosed();
      subscribed = false;
      client = connect();
    }

    /** Takes what has come; everything must follow from what was seen before. */
    void read() {
      while (true) {
        if (client.isNext("subscribed")) {
          JsonObject start = client.next("subscribed");
          if (start.getBoolean("recovered")) {
            start.getJsonArray("publications").forEach(one -> see(one.asJsonObject()));
          } else {
            assertEquals(0, start.getJsonArray("publications").size(), told);
            assertTrue(seen < oldestKept() - 1, told + ": it could have been recovered");
            seen = start.getInt("offset");
          }
        } else if (client.isNext("publication")) {
          see(client.next("publication"));
        } else if (client.isNext("gap")) {
          JsonObject gap = client.next("gap");
          assertEquals(seen + 1, gap.getInt("from"), told);
          seen = gap.getInt("to");
          assertTrue(seen < oldestKept(), told + ": it is still there");
        } else {
          client.assertNothingMore();
          return;
        }
      }
    }

    private void see(JsonObject publication) {
      assertEquals(++seen, publication.getInt("offset"), told);
      assertEquals(seen, publication.getJsonObject("data").getInt("n"), told);
    }
  }

  private TestNode node = node(1);
  private String told = "";
  private long published;
  private int kept;

  private TestNode node(int historySize) {
    Namespace log =
        new Namespace("log", Access.ANYONE, Access.ANYONE, historySize, Duration.ofDays(1), false);
    Namespace user = new Namespace("user", Access.OWNER, Access.SERVER, 0, Duration.ZERO, false);
    return new TestNode(List.of(log, user), 3, 4_096);
  }

  private long oldestKept() {
    return Math.max(1, published - kept + 1);
  }

  private void publish(RandomGenerator random) {
    JsonValue data =
        node.json.read(
            "{\"n\":%d,\"pad\":\"%s\"}".formatted(++published, "x".repeat(random.nextInt(900))));
    node.hub.publish(LOG, null, Payload.of(data), false);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 40, 1_000})
  void whateverHappensEverythingIsSeenOnceAndInOrder(int historySize) {
    kept = historySize;
    for (int seed = 1; seed <= HISTORIES; seed++) {
      told = "history size %d, seed %d".formatted(historySize, seed);
      published = 0;
      node = node(historySize);
      play(new Random(seed));
      node.assertEndsEmpty();
    }
  }

  private void play(Random random) {
    List<Reader> readers = new ArrayList<>();
    for (String name : List.of("ann", "bob", "eve")) {
      readers.add(new Reader(name));
    }
    for (int step = 0; step < STEPS; step++) {
      Reader reader = readers.get(random.nextInt(readers.size()));
      switch (random.nextInt(8)) {
        case 0 -> reader.cut();
        case 1, 2 -> reader.comeBack();
        case 3 -> reader.client.transport.immediate = false;
        case 4 -> reader.client.transport.resume();
        case 5 -> reader.read();
        default -> {
          for (int i = random.nextInt(12); i > 0; i--) {
            publish(random);
          }
        }
      }
      for (int some = random.nextInt(20); some > 0 && node.workers.waiting() > 0; some--) {
        node.workers.step();
      }
    }
    for (Reader reader : readers) {
      reader.comeBack();
      reader.client.transport.resume();
    }
    node.workers.runAll();
    for (Reader reader : readers) {
      reader.read();
      assertEquals(published, reader.seen, told + ": " + reader.name);
    }
  }
}
