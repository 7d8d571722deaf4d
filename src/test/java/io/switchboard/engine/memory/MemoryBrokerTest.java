package io.switchboard.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Broker;
import io.switchboard.engine.Broker.History;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.Broker.Query;
import io.switchboard.engine.Broker.Recovery;
import io.switchboard.engine.Broker.Request;
import io.switchboard.testing.FakeTime;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryBrokerTest {
  private static final ChannelName LOBBY = ChannelName.room("lobby");
  private static final Payload DATA = Payload.of(JsonValue.TRUE);

  private final FakeTime time = new FakeTime();
  private final AtomicInteger epochs = new AtomicInteger();
  private final List<Publication> heard = new ArrayList<>();
  private final Set<ChannelName> listening = new HashSet<>();
  private final MemoryBroker broker = broker(new MemorySettings(1_000_000, 100));

  private MemoryBroker broker(MemorySettings settings) {
    MemoryBroker made =
        new MemoryBroker(
            Namespace.SHIPPED, settings, time, () -> "e" + epochs.incrementAndGet(), Runnable::run);
    made.listen(
        new Broker.Listener() {
          @Override
          public void published(ChannelName channel, Publication publication) {
            heard.add(publication);
          }

          @Override
          public boolean isListening(ChannelName channel) {
            return listening.contains(channel);
          }
        });
    return made;
  }

  private static Published publish(MemoryBroker broker, ChannelName channel, Payload data) {
    return broker
        .publish(channel, new Request(null, data, null, false))
        .toCompletableFuture()
        .join();
  }

  private static History newest(MemoryBroker broker, ChannelName channel, int limit) {
    return broker.history(channel, new Query(null, limit, true)).toCompletableFuture().join();
  }

  private static List<Long> offsets(History history) {
    return history.publications().stream().map(Publication::offset).sorted().toList();
  }

  @Test
  void offsetsCountFromOneForEachChannel() {
    assertEquals(new StreamPosition("e1", 1), publish(broker, LOBBY, DATA).position());
    assertEquals(new StreamPosition("e1", 2), publish(broker, LOBBY, DATA).position());
    ChannelName other = ChannelName.room("other");
    assertEquals(new StreamPosition("e1", 1), publish(broker, other, DATA).position());
    assertEquals(FakeTime.START, publish(broker, other, DATA).at());
  }

  @Test
  void historyIsTheNewestOldestFirst() {
    for (int i = 0; i < 5; i++) {
      publish(broker, LOBBY, DATA);
    }
    assertEquals(List.of(4L, 5L), offsets(newest(broker, LOBBY, 2)));
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), offsets(newest(broker, LOBBY, 100)));
    assertEquals(List.of(), offsets(newest(broker, LOBBY, 0)));
    assertEquals(5, newest(broker, LOBBY, 0).top().offset());
  }

  @Test
  void anEmptyChannelHasAPositionToo() {
    assertEquals(new StreamPosition("e1", 0), newest(broker, LOBBY, 10).top());
    assertEquals(new StreamPosition("e1", 1), publish(broker, LOBBY, DATA).position());
  }

  @Test
  void theNamespaceSaysHowManyAreKept() {
    for (int i = 0; i < 1_003; i++) {
      publish(broker, LOBBY, DATA);
    }
    List<Long> kept = offsets(newest(broker, LOBBY, 2_000));
    assertEquals(1_000, kept.size());
    assertEquals(4, kept.get(0));
  }

  @Test
  void theNamespaceSaysHowLongTheyAreKept() {
    publish(broker, LOBBY, DATA);
    time.pass(Duration.ofDays(20));
    publish(broker, LOBBY, DATA);
    time.pass(Duration.ofDays(10).plusMillis(1));
    assertEquals(List.of(2L), offsets(newest(broker, LOBBY, 10)));
    time.pass(Duration.ofDays(30));
    assertEquals(List.of(), offsets(newest(broker, LOBBY, 10)));
    assertEquals(3, publish(broker, LOBBY, DATA).position().offset());
  }

  @Test
  void ephemeralPublicationsAreHeardAndNotNumbered() {
    Published published =
        broker.publish(LOBBY, new Request(null, DATA, null, true)).toCompletableFuture().join();
    assertEquals(0, published.position().offset());
    assertTrue(heard.get(0).isEphemeral());
    assertEquals(List.of(), offsets(newest(broker, LOBBY, 10)));
    assertEquals(1, publish(broker, LOBBY, DATA).position().offset());
  }

  @Test
  void aChannelWithoutHistoryIsNumberedAllTheSame() {
    ChannelName live = new ChannelName("live:prices");
    publish(broker, live, DATA);
    assertEquals(2, publish(broker, live, DATA).position().offset());
    assertEquals(List.of(), offsets(newest(broker, live, 10)));
  }

  private static Recovery recover(MemoryBroker broker, StreamPosition since, int limit) {
    return broker.recover(LOBBY, since, limit).toCompletableFuture().join();
  }

  @Test
  void historyIsReadForwardsAndBackwards() {
    for (int i = 0; i < 5; i++) {
      publish(broker, LOBBY, DATA);
    }
    assertEquals(List.of(3L, 4L), read(new Query(new StreamPosition("e1", 2), 2, false)));
    assertEquals(List.of(1L, 2L), read(new Query(null, 2, false)));
    assertEquals(List.of(3L, 2L), read(new Query(new StreamPosition("e1", 4), 2, true)));
    assertEquals(List.of(5L, 4L), read(new Query(null, 2, true)));
  }

  private List<Long> read(Query query) {
    return broker.history(LOBBY, query).toCompletableFuture().join().publications().stream()
        .map(Publication::offset)
        .toList();
  }

  @Test
  void whatWasMissedIsRecoveredWhollyOrNotAtAll() {
    for (int i = 0; i < 1_005; i++) {
      publish(broker, LOBBY, DATA);
    }
    Recovery two = recover(broker, new StreamPosition("e1", 1_003), 100);
    assertTrue(two.recovered());
    assertEquals(
        List.of(1_004L, 1_005L), two.publications().stream().map(Publication::offset).toList());
    assertTrue(recover(broker, new StreamPosition("e1", 1_005), 100).recovered());
    assertTrue(recover(broker, new StreamPosition("e1", 5), 1_000).recovered());
    for (StreamPosition lost :
        List.of(
            new StreamPosition("e0", 1_003),
            new StreamPosition("e1", 4),
            new StreamPosition("e1", 1_006),
            new StreamPosition("e1", -1))) {
      Recovery none = recover(broker, lost, 100);
      assertFalse(none.recovered(), lost::toString);
      assertEquals(List.of(), none.publications());
      assertEquals(new StreamPosition("e1", 1_005), none.top());
    }
  }

  @Test
  void aKeyMakesAPublicationTheSameForFiveMinutes() {
    ClientInfo ann = new ClientInfo("s1", "ann", null);
    ClientInfo again = new ClientInfo("s2", "ann", null);
    ClientInfo bob = new ClientInfo("s3", "bob", null);
    Published first = withKey(ann, LOBBY);
    Published repeated = withKey(again, LOBBY);
    assertFalse(first.duplicate());
    assertTrue(repeated.duplicate());
    assertEquals(first.position(), repeated.position());
    assertEquals(1, heard.size());
    assertFalse(withKey(bob, LOBBY).duplicate());
    assertFalse(withKey(ann, ChannelName.room("other")).duplicate());
    time.pass(Duration.ofMinutes(5));
    assertFalse(withKey(ann, LOBBY).duplicate());
  }

  private Published withKey(ClientInfo publisher, ChannelName channel) {
    return broker
        .publish(channel, new Request(publisher, DATA, "k", false))
        .toCompletableFuture()
        .join();
  }

  @Test
  void aClearedLogGoesOnCounting() {
    publish(broker, LOBBY, DATA);
    broker.clear(LOBBY).toCompletableFuture().join();
    assertEquals(List.of(), offsets(newest(broker, LOBBY, 10)));
    assertEquals(new StreamPosition("e1", 2), publish(broker, LOBBY, DATA).position());
    assertFalse(recover(broker, new StreamPosition("e1", 0), 100).recovered());
  }

  @Test
  void aReadMarkerNeverGoesBack() {
    assertTrue(broker.marked("ann", LOBBY).toCompletableFuture().join().isEmpty());
    broker.mark("ann", LOBBY, 5);
    broker.mark("ann", LOBBY, 3);
    assertEquals(5, broker.marked("ann", LOBBY).toCompletableFuture().join().orElseThrow());
    assertTrue(broker.marked("bob", LOBBY).toCompletableFuture().join().isEmpty());
  }

  @Test
  void memoryIsBoundedByForgettingWhereNobodyListens() {
    MemoryBroker small = broker(new MemorySettings(20_000, 100));
    Payload big = Payload.of(Json.createValue("x".repeat(1_000)));
    ChannelName silent = ChannelName.room("silent");
    listening.add(LOBBY);
    for (int i = 0; i < 4; i++) {
      publish(small, LOBBY, big);
      publish(small, silent, big);
    }
    publish(small, LOBBY, big);
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), offsets(newest(small, LOBBY, 10)));
    assertEquals(List.of(), offsets(newest(small, silent, 10)));
    assertNotEquals("e1", publish(small, silent, DATA).position().epoch());
  }

  @Test
  void whereAllAreListenedToTheLargestLosesItsOldest() {
    MemoryBroker small = broker(new MemorySettings(20_000, 100));
    Payload big = Payload.of(Json.createValue("x".repeat(1_000)));
    ChannelName other = ChannelName.room("other");
    listening.add(LOBBY);
    listening.add(other);
    publish(small, other, big);
    for (int i = 0; i < 20; i++) {
      publish(small, LOBBY, big);
    }
    assertEquals(List.of(1L), offsets(newest(small, other, 10)));
    List<Long> kept = offsets(newest(small, LOBBY, 100));
    assertTrue(kept.size() >= 4 && kept.get(kept.size() - 1) == 20L, kept::toString);
  }

  @Test
  void readingCostsNothing() {
    MemoryBroker small = broker(new MemorySettings(1_000_000, 2));
    publish(small, LOBBY, DATA);
    for (int i = 0; i < 100; i++) {
      newest(small, ChannelName.room("r" + i), 10);
    }
    assertEquals(List.of(1L), offsets(newest(small, LOBBY, 10)));
  }

  @Test
  void aRoomThatIsListenedToIsNotForgottenForOthers() {
    MemoryBroker small = broker(new MemorySettings(1_000_000, 2));
    listening.add(LOBBY);
    publish(small, LOBBY, DATA);
    for (int i = 0; i < 100; i++) {
      publish(small, ChannelName.room("r" + i), DATA);
    }
    assertEquals(2, publish(small, LOBBY, DATA).position().offset());
  }

  @Test
  void aForgottenChannelBeginsANewEpoch() {
    MemoryBroker small = broker(new MemorySettings(1_000_000, 2));
    StreamPosition before = publish(small, LOBBY, DATA).position();
    publish(small, ChannelName.room("b"), DATA);
    publish(small, ChannelName.room("c"), DATA);
    StreamPosition after = publish(small, LOBBY, DATA).position();
    assertNotEquals(before.epoch(), after.epoch());
    assertEquals(1, after.offset());
  }

  @Test
  void anUnknownNamespaceIsAMistakeOfTheCaller() {
    ChannelName unknown = new ChannelName("nowhere:x");
    assertThrows(
        IllegalArgumentException.class,
        () -> broker.publish(unknown, new Request(null, DATA, null, false)));
    assertThrows(
        IllegalArgumentException.class, () -> broker.history(unknown, new Query(null, 1, true)));
  }

  @Test
  void manyPublishersGetEveryOffsetOnceAndListenersHearThemInOrder() throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    Map<ChannelName, List<Long>> order = new ConcurrentHashMap<>();
    MemoryBroker shared =
        new MemoryBroker(
            Namespace.SHIPPED, new MemorySettings(1_000_000, 100), time, () -> "e", pool);
    shared.listen(
        new Broker.Listener() {
          @Override
          public void published(ChannelName channel, Publication publication) {
            order.computeIfAbsent(channel, c -> new ArrayList<>()).add(publication.offset());
          }

          @Override
          public boolean isListening(ChannelName channel) {
            return true;
          }
        });
    Set<Long> answered = ConcurrentHashMap.newKeySet();
    List<Thread> publishers = new ArrayList<>();
    for (int p = 0; p < 8; p++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  answered.add(publish(shared, LOBBY, DATA).position().offset());
                }
              });
      thread.start();
      publishers.add(thread);
    }
    for (Thread thread : publishers) {
      thread.join(30_000);
    }
    pool.shutdown();
    assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS));
    List<Long> heardThere = order.getOrDefault(LOBBY, List.of());
    assertEquals(8_000, answered.size());
    assertEquals(heardThere.stream().sorted().toList(), heardThere);
    assertEquals(answered, new HashSet<>(heardThere));
  }
}
