package io.switchboard.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Broker.History;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.Broker.Query;
import io.switchboard.engine.Broker.Recovery;
import io.switchboard.engine.Broker.Request;
import io.switchboard.testing.FakeTime;
import jakarta.json.Json;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine does. An engine's own test extends this one and opens its broker. */
public abstract class BrokerContractTest {
  protected static final ChannelName LOBBY = ChannelName.room("lobby");
  private static final ChannelName FEW = new ChannelName("few:x");
  private static final ChannelName LIVE = new ChannelName("live:prices");
  private static final Payload DATA = Payload.of(Json.createValue("x"));
  private static final ClientInfo ALICE = new ClientInfo("s1", "alice", "Alice");
  private static final ClientInfo BOB = new ClientInfo("s2", "bob", null);

  /** The shipped namespaces, and {@code few}, which keeps 5 publications for an hour. */
  protected static final List<Namespace> NAMESPACES = namespaces();

  protected final FakeTime time = new FakeTime();
  private final Map<ChannelName, List<Publication>> heard = new ConcurrentHashMap<>();
  private Broker broker;

  /** Opens an empty broker with {@link #NAMESPACES} and {@link #time}. */
  protected abstract Broker open() throws Exception;

  /** Ends what {@link #open} has made. */
  protected abstract void end() throws Exception;

  /** Deletes what is due, where an engine does not do so by itself. */
  protected abstract void trim() throws Exception;

  /** Lets publications pile up until the returned task is run, where an engine can do that. */
  protected Runnable hold() {
    return () -> {};
  }

  private static List<Namespace> namespaces() {
    List<Namespace> all = new ArrayList<>(Namespace.SHIPPED);
    all.add(new Namespace("few", Access.ANYONE, Access.ANYONE, 5, Duration.ofHours(1), false));
    return List.copyOf(all);
  }

  @BeforeEach
  void start() throws Exception {
    broker = open();
    broker.listen(
        new Broker.Listener() {
          @Override
          public void published(ChannelName channel, Publication publication) {
            heard.computeIfAbsent(channel, name -> new CopyOnWriteArrayList<>()).add(publication);
          }

          @Override
          public boolean isListening(ChannelName channel) {
            return true;
          }
        });
  }

  @AfterEach
  void stop() throws Exception {
    end();
  }

  /** Returns the answer, once it is there. */
  protected static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Request request(@Nullable ClientInfo publisher, @Nullable String key) {
    return new Request(publisher, DATA, key, false);
  }

  private Published publish(ChannelName channel) {
    return await(broker.publish(channel, request(ALICE, null)));
  }

  private void publish(ChannelName channel, int count) {
    for (int i = 0; i < count; i++) {
      publish(channel);
    }
  }

  private History history(ChannelName channel, @Nullable Long since, int limit, boolean reverse) {
    StreamPosition from = since == null ? null : new StreamPosition("any", since);
    return await(broker.history(channel, new Query(from, limit, reverse)));
  }

  private History all(ChannelName channel) {
    return history(channel, null, 10_000, false);
  }

  private Recovery recover(ChannelName channel, long since, int limit) {
    StreamPosition top = all(channel).top();
    return await(broker.recover(channel, new StreamPosition(top.epoch(), since), limit));
  }

  private static List<Long> offsets(List<Publication> publications) {
    return publications.stream().map(Publication::offset).toList();
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private List<Long> heardOn(ChannelName channel) {
    return offsets(heard.getOrDefault(channel, List.of()));
  }

  @Test
  void offsetsCountFromOneForEachChannel() {
    String epoch = all(LOBBY).top().epoch();
    assertEquals(new StreamPosition(epoch, 0), all(LOBBY).top());
    assertEquals(new StreamPosition(epoch, 1), publish(LOBBY).position());
    assertEquals(new StreamPosition(epoch, 2), publish(LOBBY).position());
    assertEquals(1, publish(ChannelName.room("other")).position().offset());
    assertEquals(FakeTime.START, publish(LOBBY).at());
    assertEquals(new StreamPosition(epoch, 3), all(LOBBY).top());
  }

  @Test
  void whatIsReadIsWhatWasPublished() {
    Payload data =
        Payload.of(
            Json.createObjectBuilder()
                .add("text", "grüß 😀 \"quoted\" \u0000\u001f\n")
                .addNull("nothing")
                .add("list", Json.createArrayBuilder().add(1).add(2.5).add(true))
                .build());
    await(broker.publish(LOBBY, new Request(ALICE, data, "k1", false)));
    await(broker.publish(LOBBY, new Request(BOB, Payload.of(Json.createValue(7)), null, false)));
    await(broker.publish(LOBBY, new Request(null, DATA, null, false)));
    List<Publication> expected =
        List.of(
            new Publication(1, FakeTime.START, ALICE, data, "k1"),
            new Publication(2, FakeTime.START, BOB, Payload.of(Json.createValue(7)), null),
            new Publication(3, FakeTime.START, null, DATA, null));
    assertEquals(expected, all(LOBBY).publications());
    assertEquals(expected, heard.get(LOBBY));
  }

  @Test
  void bytesAreReadAsTheyWerePublished() {
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    List<Payload> published =
        Stream.of(every, new byte[0], new byte[] {'{', '}'})
            .map(bytes -> Payload.of(ByteBuffer.wrap(bytes)))
            .toList();
    published.forEach(data -> await(broker.publish(LOBBY, new Request(ALICE, data, null, false))));
    List<Publication> kept = all(LOBBY).publications();
    assertEquals(published, kept.stream().map(Publication::data).toList());
    assertEquals(kept, heard.get(LOBBY));
  }

  @Test
  void manyPublishersLeaveNoHoleAndEveryoneHearsTheOrder() throws Exception {
    int publishers = 8;
    int each = 100;
    List<ChannelName> channels = List.of(LOBBY, ChannelName.room("a"), ChannelName.room("b"));
    Map<ChannelName, Set<Long>> answered = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(publishers);
    try {
      List<java.util.concurrent.Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < publishers; i++) {
        tasks.add(
            () -> {
              List<CompletionStage<Published>> stages = new ArrayList<>();
              for (int n = 0; n < each * channels.size(); n++) {
                stages.add(broker.publish(channels.get(n % 3), request(ALICE, null)));
              }
              for (int n = 0; n < stages.size(); n++) {
                answered
                    .computeIfAbsent(channels.get(n % 3), name -> ConcurrentHashMap.newKeySet())
                    .add(await(stages.get(n)).position().offset());
              }
              return null;
            });
      }
      for (var done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    long last = (long) publishers * each;
    for (ChannelName channel : channels) {
      assertEquals(new HashSet<>(range(1, last)), answered.get(channel));
      assertEquals(range(1, last), heardOn(channel));
      assertEquals(range(1, last), offsets(all(channel).publications()));
    }
  }

  @Test
  void whoIsAnsweredWasHeardBefore() {
    CompletionStage<Integer> heardThen =
        broker.publish(LOBBY, request(ALICE, null)).thenApply(p -> heardOn(LOBBY).size());
    assertEquals(1, await(heardThen));
  }

  @Test
  void historyIsReadFromEitherEnd() {
    publish(LOBBY, 6);
    assertEquals(List.of(1L, 2L), offsets(history(LOBBY, null, 2, false).publications()));
    assertEquals(List.of(3L, 4L), offsets(history(LOBBY, 2L, 2, false).publications()));
    assertEquals(List.of(6L, 5L), offsets(history(LOBBY, null, 2, true).publications()));
    assertEquals(List.of(2L, 1L), offsets(history(LOBBY, 3L, 5, true).publications()));
    assertEquals(List.of(), offsets(history(LOBBY, 6L, 5, false).publications()));
    assertEquals(List.of(), offsets(history(LOBBY, null, 0, true).publications()));
    assertEquals(6, history(LOBBY, 6L, 5, false).top().offset());
    assertEquals(6, history(LOBBY, null, 0, true).top().offset());
  }

  @Test
  void recoveryIsAllThatWasMissed() {
    publish(LOBBY, 5);
    assertEquals(List.of(3L, 4L, 5L), offsets(recover(LOBBY, 2, 100).publications()));
    assertTrue(recover(LOBBY, 2, 3).recovered());
    assertTrue(recover(LOBBY, 1, 3).recovered());
    assertEquals(List.of(2L, 3L, 4L), offsets(recover(LOBBY, 1, 3).publications()));
    assertEquals(range(1, 5), offsets(recover(LOBBY, 0, 100).publications()));
    Recovery nothingNew = recover(LOBBY, 5, 100);
    assertTrue(nothingNew.recovered());
    assertEquals(List.of(), nothingNew.publications());
    assertEquals(5, nothingNew.top().offset());
  }

  @Test
  void aPositionOnAnEmptyChannelIsRecoveredFrom() {
    StreamPosition before = all(LOBBY).top();
    assertTrue(await(broker.recover(LOBBY, before, 10)).recovered());
    publish(LOBBY, 2);
    assertEquals(List.of(1L, 2L), offsets(await(broker.recover(LOBBY, before, 10)).publications()));
  }

  @Test
  void recoveryIsNothingIfItCannotBeAll() {
    publish(LOBBY, 5);
    for (Recovery recovery :
        List.of(
            recover(LOBBY, 6, 100), // the future
            recover(LOBBY, -1, 100),
            await(broker.recover(LOBBY, new StreamPosition("another", 2), 100)))) {
      assertFalse(recovery.recovered());
      assertEquals(List.of(), recovery.publications());
      assertEquals(5, recovery.top().offset());
    }
  }

  @Test
  void theSizeOfTheNamespaceIsKept() throws Exception {
    publish(FEW, 8);
    assertEquals(range(4, 8), offsets(all(FEW).publications()));
    trim();
    assertEquals(range(4, 8), offsets(all(FEW).publications()));
    assertEquals(List.of(8L, 7L), offsets(history(FEW, null, 2, true).publications()));
    assertFalse(recover(FEW, 2, 100).recovered());
    assertTrue(recover(FEW, 3, 100).recovered());
    assertEquals(9, publish(FEW).position().offset());
  }

  @Test
  void theAgeOfTheNamespaceIsKept() throws Exception {
    publish(FEW, 2);
    time.pass(Duration.ofMinutes(40));
    publish(FEW);
    time.pass(Duration.ofMinutes(20).plusMillis(1));
    assertEquals(List.of(3L), offsets(all(FEW).publications()));
    trim();
    assertEquals(List.of(3L), offsets(all(FEW).publications()));
    assertFalse(recover(FEW, 1, 100).recovered());
    assertTrue(recover(FEW, 2, 100).recovered());
    time.pass(Duration.ofHours(1));
    trim();
    assertEquals(List.of(), all(FEW).publications());
    assertTrue(recover(FEW, 3, 100).recovered());
    assertEquals(4, publish(FEW).position().offset());
  }

  @Test
  void aChannelWithoutHistoryIsNumberedAllTheSame() {
    publish(LIVE, 2);
    assertEquals(new History(all(LIVE).top(), List.of()), all(LIVE));
    assertEquals(2, all(LIVE).top().offset());
    assertFalse(recover(LIVE, 1, 10).recovered());
    assertTrue(recover(LIVE, 2, 10).recovered());
    assertEquals(List.of(1L, 2L), heardOn(LIVE));
  }

  @Test
  void theSameKeyIsPublishedOnce() {
    Published first = await(broker.publish(LOBBY, request(ALICE, "k")));
    assertFalse(first.duplicate());
    time.pass(Duration.ofMinutes(4));
    Published again = await(broker.publish(LOBBY, request(ALICE, "k")));
    assertEquals(new Published(first.position(), first.at(), true), again);
    assertEquals(List.of(1L), heardOn(LOBBY));
    assertEquals(2, await(broker.publish(LOBBY, request(BOB, "k"))).position().offset());
    assertEquals(3, await(broker.publish(LOBBY, request(null, "k"))).position().offset());
    assertEquals(4, await(broker.publish(LOBBY, request(ALICE, "l"))).position().offset());
    ChannelName other = ChannelName.room("other");
    assertFalse(await(broker.publish(other, request(ALICE, "k"))).duplicate());
    assertTrue(await(broker.publish(LOBBY, request(null, "k"))).duplicate());
  }

  @Test
  void theSameKeyIsPublishedOnceAmongThoseThatWaitTogether() {
    Runnable release = hold();
    List<CompletionStage<Published>> stages = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      stages.add(broker.publish(LOBBY, request(ALICE, "k" + i % 2)));
    }
    release.run();
    List<Published> answers = stages.stream().map(BrokerContractTest::await).toList();
    assertEquals(
        List.of(1L, 2L, 1L, 2L, 1L, 2L),
        answers.stream().map(answer -> answer.position().offset()).toList());
    assertEquals(4, answers.stream().filter(Published::duplicate).count());
    assertEquals(List.of(1L, 2L), offsets(all(LOBBY).publications()));
  }

  @Test
  void whereTheLatestCountsAKeyNamesTheValueAndMayBePublishedAgain() {
    await(broker.publish(LIVE, request(ALICE, "k")));
    Published again = await(broker.publish(LIVE, request(ALICE, "k")));
    assertFalse(again.duplicate());
    assertEquals(2, again.position().offset());
    assertEquals(List.of(1L, 2L), heardOn(LIVE));
  }

  @Test
  void aKeyIsForgottenAfterItsLifetime() throws Exception {
    publish(LOBBY);
    await(broker.publish(LOBBY, request(ALICE, "k")));
    time.pass(Broker.KEY_LIFETIME);
    Published again = await(broker.publish(LOBBY, request(ALICE, "k")));
    assertFalse(again.duplicate());
    assertEquals(3, again.position().offset());
    time.pass(Broker.KEY_LIFETIME.minusMillis(1));
    trim();
    assertEquals(3, await(broker.publish(LOBBY, request(ALICE, "k"))).position().offset());
    time.pass(Duration.ofMillis(1));
    trim();
    assertEquals(4, await(broker.publish(LOBBY, request(ALICE, "k"))).position().offset());
  }

  @Test
  void ephemeralOnesAreHeardInTheirPlaceAndNeverStored() {
    Request passing = new Request(ALICE, DATA, "k", true);
    Runnable release = hold();
    CompletionStage<Published> first = broker.publish(LOBBY, request(ALICE, null));
    CompletionStage<Published> second = broker.publish(LOBBY, passing);
    CompletionStage<Published> third = broker.publish(LOBBY, passing);
    CompletionStage<Published> fourth = broker.publish(LOBBY, request(ALICE, null));
    release.run();
    assertEquals(1, await(first).position().offset());
    assertEquals(0, await(second).position().offset());
    assertFalse(await(third).duplicate());
    assertEquals(2, await(fourth).position().offset());
    assertEquals(0, await(broker.publish(LOBBY, passing)).position().offset());
    assertEquals(List.of(1L, 0L, 0L, 2L, 0L), heardOn(LOBBY));
    assertEquals(List.of(1L, 2L), offsets(all(LOBBY).publications()));
    assertFalse(await(broker.publish(LOBBY, request(ALICE, "k"))).duplicate());
  }

  @Test
  void clearingKeepsOffsetsAndEpoch() {
    publish(LOBBY, 3);
    String epoch = all(LOBBY).top().epoch();
    Runnable release = hold();
    CompletionStage<Published> before = broker.publish(LOBBY, request(ALICE, null));
    CompletionStage<Void> cleared = broker.clear(LOBBY);
    CompletionStage<Published> after = broker.publish(LOBBY, request(ALICE, null));
    release.run();
    await(before);
    await(cleared.thenApply(nothing -> true));
    assertEquals(new StreamPosition(epoch, 5), await(after).position());
    assertEquals(List.of(5L), offsets(all(LOBBY).publications()));
    assertFalse(recover(LOBBY, 3, 100).recovered());
    assertTrue(recover(LOBBY, 4, 100).recovered());
    await(broker.clear(ChannelName.room("unheard")).thenApply(nothing -> true));
  }

  @Test
  void markersNeverGoBack() {
    ReadMarkers markers = (ReadMarkers) broker;
    assertEquals(OptionalLong.empty(), await(markers.marked("alice", LOBBY)));
    for (long offset : List.of(5L, 3L, 7L, 6L)) {
      await(markers.mark("alice", LOBBY, offset).thenApply(nothing -> true));
    }
    await(markers.mark("alice", FEW, 2).thenApply(nothing -> true));
    assertEquals(OptionalLong.of(7), await(markers.marked("alice", LOBBY)));
    assertEquals(OptionalLong.of(2), await(markers.marked("alice", FEW)));
    assertEquals(OptionalLong.empty(), await(markers.marked("bob", LOBBY)));
  }

  @Test
  void anUnknownNamespaceIsAMistake() {
    ChannelName unknown = new ChannelName("unknown:x");
    assertThrows(
        IllegalArgumentException.class, () -> broker.publish(unknown, request(ALICE, null)));
    assertThrows(
        IllegalArgumentException.class, () -> broker.history(unknown, new Query(null, 1, false)));
    assertThrows(
        IllegalArgumentException.class,
        () -> broker.recover(unknown, new StreamPosition("e", 0), 1));
    assertThrows(IllegalArgumentException.class, () -> broker.clear(unknown));
  }
}
