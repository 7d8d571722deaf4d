package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Many publishers on one connection: while it closes, and while its peer does not read. */
class SenderIT extends WireTest {
  private static final int PUBLISHERS = 8;

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.session.queue-size", "4MiB", "switchboard.session.write-timeout", "5s");
  }

  @Test
  void eightPublishersOnAConnectionThatClosesHarmNobody() {
    String room = room();
    ChatClient witness = chat();
    witness.join(room, "Witness");
    AtomicBoolean enough = new AtomicBoolean();
    Api api = api();
    List<Future<Integer>> publishers =
        IntStream.range(0, PUBLISHERS)
            .mapToObj(
                i ->
                    start(
                        () -> {
                          int own = 0;
                          while (!enough.get()) {
                            api.published(text(room, i + " " + own++));
                          }
                          return own;
                        }))
            .toList();
    Set<String> present = new HashSet<>();
    Set<String> gone = new HashSet<>();
    AtomicInteger heard = new AtomicInteger();
    AtomicBoolean last = new AtomicBoolean();
    Future<Integer> listening =
        start(
            () -> {
              while (!last.get() || gone.size() < 100) {
                JsonObject message = witness.nextOfMany(Deadline.patient());
                switch (message.getString("type")) {
                  case "said" -> {
                    assertEquals(
                        heard.incrementAndGet(),
                        message.getInt("id"),
                        () -> message + witness.socket().told());
                    last.set(message.getString("text").equals("the last one"));
                  }
                  case "joined" -> present.add(message.getString("user"));
                  case "left" -> gone.add(message.getString("user"));
                  default -> throw new AssertionError("unexpected: " + message);
                }
              }
              return heard.get();
            });
    for (int round = 0; round < 100; round++) {
      ChatClient victim = chat();
      victim.send("type", "join", "room", room, "name", "Victim", "last", 0);
      victim.readUntil(message -> message.getString("type").equals("said"), Deadline.PATIENCE);
      leave(victim, round);
    }
    enough.set(true);
    int total = publishers.stream().mapToInt(publisher -> result(publisher, 30)).sum();
    api.published(text(room, "the last one"));
    assertEquals(total + 1, result(listening, 60));
    assertEquals(present, gone);
    witness.assertNothingMore();
  }

  private static void leave(ChatClient victim, int round) {
    RawSocket socket = victim.socket().socket();
    switch (round % 4) {
      case 0 -> victim.reset();
      case 1 -> victim.close();
      case 2 -> socket.close();
      default -> {
        victim.socket().send(Frame.close(1000, ""));
        Set<String> seen = new HashSet<>();
        Closing closing = victim.awaitClose(Duration.ofSeconds(10));
        closing.before().forEach(message -> seen.add(message.getString("type")));
        // What was under way may still come; a container may also cut it off.
        assertTrue(closing.code() == 1000 || closing.code() == 1006, closing::toString);
        assertTrue(Set.of("said", "left", "joined").containsAll(seen), seen::toString);
      }
    }
  }

  @Test
  void aReaderThatStopsIsLetGoAndHindersNobody() {
    int each = 500;
    int total = PUBLISHERS * each;
    String room = room();
    String words = "x".repeat(8 * 1024);
    List<ChatClient> readers = List.of(chat(), chat());
    readers.get(0).join(room, "first reader");
    readers.get(1).join(room, "second reader");
    readers.get(0).next("joined");
    ChatClient stalled = new ChatClient(websocket(RawSocket.Options.smallWindow()));
    stalled.join(room, "stalled");
    readers.forEach(reader -> reader.next("joined"));
    // From here on nobody reads for the stalled one.
    AtomicIntegerArray heard = new AtomicIntegerArray(readers.size());
    List<Future<List<JsonObject>>> reading =
        IntStream.range(0, readers.size())
            .mapToObj(i -> start(() -> readAll(readers.get(i), total, n -> heard.set(i, n))))
            .toList();
    Api api = api();
    AtomicInteger published = new AtomicInteger();
    AtomicLong slowest = new AtomicLong();
    List<Future<Boolean>> publishers =
        IntStream.range(0, PUBLISHERS)
            .mapToObj(
                i ->
                    start(
                        () -> {
                          for (int n = 0; n < each; n++) {
                            int turn = published.getAndIncrement();
                            // The readers share two cores with everything else: a reader that is
                            // starved by its own test would be let go rightly.
                            assertTrue(
                                Deadline.patient()
                                    .until(() -> turn - Math.min(heard.get(0), heard.get(1)) < 200),
                                "the readers have stopped hearing");
                            long from = System.nanoTime();
                            api.published(text(room, i + " " + n + " " + words));
                            slowest.accumulateAndGet(System.nanoTime() - from, Math::max);
                          }
                          return true;
                        }))
            .toList();
    publishers.forEach(publisher -> assertTrue(result(publisher, 120)));
    Duration worst = Duration.ofNanos(slowest.get());
    assertTrue(worst.compareTo(Duration.ofSeconds(2)) < 0, () -> "one publish took " + worst);
    for (Future<List<JsonObject>> reader : reading) {
      List<JsonObject> left = result(reader, 60);
      assertEquals(1, left.size(), left::toString);
      assertEquals(stalled.user(), left.get(0).getString("user"), left::toString);
    }
    readers.forEach(ChatClient::assertNothingMore);
    assertEndedAsSlow(stalled);
    ChatClient newcomer = chat();
    newcomer.join(room, "newcomer");
    assertEquals(total + 1, newcomer.say(room, "the server serves on").getInt("id"));
  }

  /** Reads {@code total} publications, in order, and the `left` of the stalled reader. */
  private static List<JsonObject> readAll(ChatClient reader, int total, IntConsumer progress) {
    Deadline deadline = Deadline.in(Duration.ofSeconds(150));
    List<JsonObject> left = new ArrayList<>();
    int heard = 0;
    while (heard < total || left.isEmpty()) {
      JsonObject message = reader.nextOfMany(deadline);
      if (message.getString("type").equals("said")) {
        assertEquals(++heard, message.getInt("id"), () -> reader.socket().told());
        progress.accept(heard);
      } else {
        assertEquals("left", message.getString("type"), message::toString);
        left.add(message);
      }
    }
    return left;
  }

  /** What had reached the kernel comes in order, then the end, with its code where it fits. */
  private static void assertEndedAsSlow(ChatClient stalled) {
    Closing closing = stalled.awaitClose(Duration.ofSeconds(30));
    assertTrue(closing.code() == 4101 || closing.code() == 1006, () -> "code " + closing.code());
    int heard = 0;
    for (JsonObject message : closing.before()) {
      if (message.getString("type").equals("bye")) {
        assertEquals(4101, message.getInt("code"), message::toString);
        assertTrue(message.getBoolean("reconnect"), message::toString);
      } else {
        assertEquals(++heard, message.getInt("id"));
      }
    }
  }

  private static String text(String room, String words) {
    return "{\"channel\":\"room:" + room + "\",\"data\":{\"text\":\"" + words + "\"}}";
  }
}
