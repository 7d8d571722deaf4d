package io.switchboard.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.protocol.Codec;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainingTest {
  private static final Duration STEP = Duration.ofMillis(100);

  /** So many that the window is not shortened. */
  private static final int MANY = 500;

  private final TestNode node = new TestNode(3);
  private final Draining draining = node.draining;

  @AfterEach
  void nothingIsLeft() {
    draining.end();
    node.assertEndsEmpty();
  }

  private Client superchat(String user) {
    Client client = node.connect(node.superchat, new Identity(user, false));
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    return client;
  }

  private List<Client> many(Codec codec) {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      clients.add(node.connect(codec, new Identity("user-" + i, false)));
    }
    return clients;
  }

  /** Returns how many were closed within each second of {@code seconds}, one after the other. */
  private List<Integer> closedBySecond(List<Client> clients, int seconds) {
    List<Integer> counts = new ArrayList<>();
    int before = 0;
    for (int second = 0; second < seconds; second++) {
      for (int i = 0; i < 10; i++) {
        pass(STEP);
      }
      int now = (int) clients.stream().filter(client -> client.session.hasEnded()).count();
      counts.add(now - before);
      before = now;
    }
    return counts;
  }

  private void pass(Duration duration) {
    node.time.pass(duration);
    draining.beat();
    node.workers.runAll();
  }

  @Test
  void whoIsToldAndLeavesIsNotClosed() {
    Client ann = superchat("ann");
    CompletableFuture<Void> gone = draining.beginForGood();
    node.workers.runAll();
    JsonObject drain = ann.next("drain");
    assertEquals(4, drain.getInt("after"));
    assertEquals(16, drain.getInt("within"));
    assertFalse(ann.session.hasEnded());
    assertFalse(gone.isDone());
    ann.session.connectionClosed(4200);
    assertTrue(gone.isDone());
    pass(Duration.ofSeconds(1));
    ann.assertNothingMore();
    assertEquals(0, node.draining.status().sessions());
  }

  @Test
  void whoIsToldAndStaysIsClosedAfterTheWindowAndToldOnce() {
    Client ann = superchat("ann");
    draining.begin();
    pass(Draining.PACE.minusNanos(1));
    assertFalse(ann.session.hasEnded());
    pass(Draining.PACE);
    ann.next("drain");
    JsonObject bye = ann.next("bye");
    assertEquals(4100, bye.getInt("code"));
    assertTrue(bye.getBoolean("reconnect"));
    ann.assertNothingMore();
  }

  @Test
  void whoCannotBeToldIsClosedInWavesOverTheWindowButNotAtOnce() {
    List<Client> clients = many(node.chat);
    draining.begin();
    List<Integer> closed = closedBySecond(clients, 11);
    assertEquals(List.of(0, 0), closed.subList(0, 2), closed::toString);
    assertTrue(
        closed.subList(2, 10).stream().allMatch(count -> count > MANY / 20), closed::toString);
    assertTrue(
        closed.subList(2, 10).stream().allMatch(count -> count < MANY / 5), closed::toString);
    assertEquals(MANY, closed.stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void whoStaysIsClosedInWavesBeforeTheTimeIsOver() {
    List<Client> clients = many(node.superchat);
    draining.begin();
    List<Integer> closed = closedBySecond(clients, 13);
    assertEquals(0, closed.subList(0, 10).stream().mapToInt(Integer::intValue).sum());
    assertTrue(
        closed.subList(10, 13).stream().allMatch(count -> count > MANY / 10), closed::toString);
    assertEquals(MANY, closed.stream().mapToInt(Integer::intValue).sum());
    assertEquals(Optional.of(FakeTime.START.plusMillis(12_500)), draining.status().until());
  }

  @Test
  void nobodyIsLetInMeanwhileAndWhoComesLateIsClosed() {
    draining.begin();
    assertTrue(node.registry.isDraining());
    Client late = superchatClosed();
    assertEquals(4100, late.next("bye").getInt("code"));
  }

  private Client superchatClosed() {
    Client late = node.connect(node.superchat, new Identity("late", false));
    late.next("drain");
    return late;
  }

  @Test
  void aSecondBeginningChangesNothing() {
    Client ann = superchat("ann");
    draining.begin();
    Draining.Status first = draining.status();
    assertTrue(first.draining());
    assertEquals(1, first.sessions());
    assertEquals(Optional.of(FakeTime.START), first.since());
    node.time.pass(Duration.ofMillis(1));
    draining.begin();
    assertEquals(first, draining.status());
    node.workers.runAll();
    ann.next("drain");
    ann.assertNothingMore();
  }

  @Test
  void anEndLetsClientsInAndLeavesThoseAloneWhoStayed() {
    Client ann = superchat("ann");
    draining.begin();
    assertTrue(draining.end());
    assertFalse(draining.status().draining());
    assertFalse(node.registry.isDraining());
    pass(Duration.ofMinutes(1));
    assertFalse(ann.session.hasEnded());
    superchat("bob");
    assertTrue(draining.end(), "there is nothing to end");
  }

  @Test
  void aDrainThatWasEndedCanBeginAnew() {
    draining.begin();
    draining.end();
    Client ann = superchat("ann");
    CompletableFuture<Void> gone = draining.beginForGood();
    assertFalse(gone.isDone());
    ann.session.connectionClosed();
    assertTrue(gone.isDone());
  }

  @Test
  void nothingEndsTheDrainOfANodeThatGoesDown() {
    draining.begin();
    CompletableFuture<Void> gone = draining.beginForGood();
    assertTrue(gone.isDone());
    assertFalse(draining.end());
    assertTrue(node.registry.isDraining());
  }

  @Test
  void withoutAWindowAllLeaveAtOnce() {
    Client ann = superchat("ann");
    Draining at =
        new Draining(
            node.registry,
            new DrainSettings(Duration.ZERO, Duration.ZERO),
            new SessionRegistry.Sources(node.time, node.time, new java.util.Random(1)));
    at.begin();
    at.beat();
    assertTrue(ann.session.hasEnded());
    at.end();
  }
}
