package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Json;
import io.switchboard.protocol.SubscriptionStart;
import io.switchboard.session.ClientSession;
import io.switchboard.session.SessionRegistry;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.StepExecutor;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of {@code chat} see of each other, with every part but the container. */
class ChatTest {
  private static final ChannelName LOBBY = ChannelName.room("lobby");
  private final TestNode node = new TestNode(2);
  private final FakeTime time = node.time;
  private final StepExecutor workers = node.workers;
  private final Json json = node.json;
  private final Hub hub = node.hub;
  private final SessionRegistry registry = node.registry;

  private Client connect(Identity identity) {
    Client client = node.connect(node.chat, identity);
    client.next("welcome");
    return client;
  }

  private Client guest(String user) {
    return connect(new Identity("guest-" + user, true));
  }

  private static void join(Client client, String name) {
    client.sayAndSettle("{'type':'join','room':'lobby','name':'%s'}".formatted(name));
    client.next("joined");
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  @Test
  void whatOneSaysEverybodyHearsInOneOrder() {
    Client ann = guest("ann");
    Client bob = guest("bob");
    join(ann, "Ann");
    join(bob, "Bob");
    assertEquals("Bob", ann.next("joined").getString("name"));
    ann.say("{'type':'say','room':'lobby','text':'1'}");
    bob.say("{'type':'say','room':'lobby','text':'2'}");
    workers.runAll();
    for (Client client : List.of(ann, bob)) {
      for (int id = 1; id <= 2; id++) {
        JsonObject said = client.next("said");
        assertEquals(id, said.getInt("id"));
        assertEquals(Integer.toString(id), said.getString("text"));
      }
      client.assertNothingMore();
    }
  }

  @Test
  void aJoinerIsToldHistoryAfterItsOwnJoined() {
    hub.publish(LOBBY, null, Payload.of(json.read("{\"text\":\"early\"}")), false);
    workers.runAll();
    Client ann = guest("ann");
    join(ann, "Ann");
    JsonObject history = ann.next("history");
    assertEquals("early", history.getJsonArray("messages").getJsonObject(0).getString("text"));
    ann.assertNothingMore();
  }

  @Test
  void whatIsSaidRightAfterAJoinIsSaidAndNotHistory() {
    Client ann = guest("ann");
    ann.say("{'type':'join','room':'lobby'}");
    ann.say("{'type':'say','room':'lobby','text':'hi'}");
    workers.runAll();
    ann.next("joined");
    assertEquals(1, ann.next("said").getInt("id"));
    ann.assertNothingMore();
  }

  @Test
  void historyAndLiveMeetWithoutHoleOrDouble() {
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      Client speaker = guest("speaker" + round);
      join(speaker, "S");
      Client joiner = guest("joiner" + round);
      int before = random.nextInt(4);
      int total = before + random.nextInt(8);
      for (int i = 0; i < total; i++) {
        if (i == before) {
          joiner.say("{'type':'join','room':'lobby','last':100}");
        }
        speaker.say("{'type':'say','room':'lobby','text':'x'}");
        for (int steps = random.nextInt(4); steps > 0 && workers.waiting() > 0; steps--) {
          workers.step();
        }
      }
      if (total == before) {
        joiner.say("{'type':'join','room':'lobby','last':100}");
      }
      workers.runAll();
      long previous = 0;
      for (String text : joiner.transport.frames) {
        JsonObject frame = json.read(text).asJsonObject();
        if (frame.getString("type").equals("history")) {
          for (var message : frame.getJsonArray("messages")) {
            previous = assertFollows(previous, message.asJsonObject());
          }
        } else if (frame.getString("type").equals("said")) {
          previous = assertFollows(previous, frame);
        }
      }
      assertEquals(totalSaid += total, previous, "round " + round);
      speaker.session.connectionClosed();
      joiner.session.connectionClosed();
      workers.runAll();
    }
  }

  private long totalSaid;

  private static long assertFollows(long previous, JsonObject said) {
    long id = said.getJsonNumber("id").longValue();
    if (previous != 0) {
      assertEquals(previous + 1, id);
    }
    return id;
  }

  @Test
  void membersAreListedOncePerUser() {
    Client one = connect(new Identity("ann", false));
    Client two = connect(new Identity("ann", false));
    Client bob = guest("bob");
    join(bob, "Bob");
    join(one, "ignored");
    bob.next("joined");
    join(two, "ignored");
    bob.sayAndSettle("{'type':'who','room':'lobby'}");
    assertEquals(
        "[{\"user\":\"guest-bob\",\"name\":\"Bob\"},{\"user\":\"ann\"}]",
        bob.next("who").getJsonArray("users").toString());
    one.sayAndSettle("{'type':'leave','room':'lobby'}");
    one.next("left");
    bob.assertNothingMore();
    two.session.connectionClosed();
    workers.runAll();
    assertEquals("ann", bob.next("left").getString("user"));
  }

  @Test
  void whoIsGoneHasLeft() {
    Client ann = guest("ann");
    Client bob = guest("bob");
    join(ann, "Ann");
    join(bob, "Bob");
    ann.next("joined");
    bob.session.connectionClosed();
    workers.runAll();
    assertEquals("Bob", ann.next("left").getString("name"));
    ann.assertNothingMore();
  }

  @Test
  void whatIsNotJoinedCannotBeUsed() {
    Client ann = guest("ann");
    for (String command :
        List.of(
            "{'type':'say','room':'lobby','text':'x'}",
            "{'type':'who','room':'lobby'}",
            "{'type':'leave','room':'lobby'}")) {
      ann.sayAndSettle(command);
      assertEquals("not-joined", ann.next("error").getString("code"));
    }
  }

  @Test
  void aRoomIsJoinedOnceAndRoomsAreBounded() {
    Client ann = guest("ann");
    join(ann, "Ann");
    ann.sayAndSettle("{'type':'join','room':'lobby'}");
    assertEquals("already-subscribed", ann.next("error").getString("code"));
    ann.sayAndSettle("{'type':'join','room':'two'}");
    ann.next("joined");
    ann.sayAndSettle("{'type':'join','room':'three'}");
    assertEquals("limit-exceeded", ann.next("error").getString("code"));
  }

  @Test
  void aProvenUserHearsWhatIsPushedToIt() {
    Client ann = connect(new Identity("ann", false));
    hub.publish(ChannelName.user("ann"), null, Payload.of(json.read("{\"n\":1}")), false);
    workers.runAll();
    assertEquals("user:ann", ann.next("push").getString("channel"));
  }

  @Test
  void commandsBeyondTheRateAreRefusedAndLaterWelcome() {
    Client ann = guest("ann");
    for (int i = 0; i < 1_000; i++) {
      ann.say("{'type':'ping'}");
    }
    ann.sayAndSettle("{'type':'ping'}");
    for (int i = 0; i < 1_000; i++) {
      ann.next("pong");
    }
    JsonObject error = ann.next("error");
    assertEquals("rate-limited", error.getString("code"));
    assertTrue(error.getBoolean("retry"));
    time.pass(Duration.ofMillis(5));
    ann.sayAndSettle("{'type':'ping'}");
    ann.next("pong");
  }

  @Test
  void aClientThatNeverSlowsDownIsClosed() {
    Client ann = guest("ann");
    for (int i = 0; i < 2_001; i++) {
      ann.say("{'type':'ping'}");
    }
    workers.runAll();
    for (int i = 0; i < 1_000; i++) {
      ann.next("pong");
    }
    for (int i = 0; i < 1_001; i++) {
      assertEquals("rate-limited", ann.next("error").getString("code"));
    }
    assertEquals(4102, ann.next("bye").getInt("code"));
  }

  @Test
  void aNameHoldsInTheRoomItWasGivenFor() {
    Client ann = guest("ann");
    join(ann, "Ann");
    ann.sayAndSettle("{'type':'join','room':'den','name':'Boss'}");
    ann.next("joined");
    ann.sayAndSettle("{'type':'say','room':'lobby','text':'x'}");
    assertEquals("Ann", ann.next("said").getString("name"));
    ann.sayAndSettle("{'type':'say','room':'den','text':'x'}");
    assertEquals("Boss", ann.next("said").getString("name"));
  }

  @Test
  void whoLeavesBeforeItsHistoryCameIsToldNone() {
    hub.publish(LOBBY, null, Payload.of(json.read("{\"text\":\"early\"}")), false);
    Client ann = guest("ann");
    ann.say("{'type':'join','room':'lobby'}");
    ann.say("{'type':'leave','room':'lobby'}");
    ann.sayAndSettle("{'type':'join','room':'lobby'}");
    ann.next("joined");
    ann.next("left");
    ann.next("joined");
    ann.next("history");
    ann.assertNothingMore();
  }

  @Test
  void aUserWhoseNameIsNoChannelLeavesNothingBehind() {
    assertThrows(
        IllegalArgumentException.class, () -> connect(new Identity("x".repeat(300), false)));
    assertEquals(0, registry.size());
    assertEquals(0, registry.countFrom("127.0.0.1"));
  }

  @Test
  void twentyBadMessagesEndTheSession() {
    Client ann = guest("ann");
    for (int i = 0; i < 25; i++) {
      ann.sayAndSettle("nonsense");
    }
    for (int i = 0; i < 20; i++) {
      assertEquals("bad-json", ann.next("error").getString("code"));
    }
    JsonObject bye = ann.next("bye");
    assertEquals(4006, bye.getInt("code"));
    ann.assertNothingMore();
    assertEquals(List.of(Disconnect.TOO_MANY_ERRORS), ann.transport.closes);
  }

  @Test
  void aSilentPeerIsPingedThenClosedAndLeaves() {
    Client ann = guest("ann");
    Client bob = guest("bob");
    join(ann, "Ann");
    join(bob, "Bob");
    ann.next("joined");
    time.pass(Duration.ofSeconds(25));
    registry.beat();
    workers.runAll();
    ann.session.ponged(ann.transport.pings.remove());
    assertEquals(1, bob.transport.pings.size());
    time.pass(Duration.ofSeconds(10));
    registry.beat();
    workers.runAll();
    assertEquals(List.of(Disconnect.NO_PONG), bob.transport.closes);
    assertEquals("Bob", ann.next("left").getString("name"));
    assertEquals(List.of(), ann.transport.closes);
  }

  @Test
  void aSlowReaderIsCaughtUpFromTheLogAndNobodyWaitsForIt() {
    Client slow = guest("slow");
    Client ann = guest("ann");
    join(slow, "Slow");
    join(ann, "Ann");
    slow.next("joined");
    slow.transport.immediate = false;
    String big = "x".repeat(60_000);
    for (int i = 0; i < 40; i++) {
      ann.sayAndSettle("{'type':'say','room':'lobby','text':'%s'}".formatted(big));
      ann.answerPings();
    }
    for (int i = 0; i < 40; i++) {
      ann.next("said");
    }
    assertFalse(slow.session.hasEnded());
    assertTrue(slow.session.queuedBytes() < 600_000, "half of the queue at most");
    slow.transport.resume();
    workers.runAll();
    while (!slow.transport.pings.isEmpty()) {
      slow.answerPings();
    }
    for (int i = 1; i <= 40; i++) {
      assertEquals(i, slow.next("said").getInt("id"));
    }
  }

  @Test
  void aReaderThatTakesNothingIsClosedInTheEnd() {
    Client slow = guest("slow");
    Client ann = guest("ann");
    join(slow, "Slow");
    join(ann, "Ann");
    slow.transport.immediate = false;
    ann.sayAndSettle("{'type':'say','room':'lobby','text':'hi'}");
    node.time.pass(Duration.ofSeconds(59));
    registry.beat();
    assertFalse(slow.session.hasEnded());
    node.time.pass(Duration.ofSeconds(1));
    registry.beat();
    assertTrue(slow.session.hasEnded());
  }

  @Test
  void aDrainTellsEverybodyAndLetsNobodyIn() {
    Client ann = guest("ann");
    join(ann, "Ann");
    var drained = registry.drain();
    workers.runAll();
    JsonObject bye = ann.next("bye");
    assertEquals(4100, bye.getInt("code"));
    assertTrue(bye.getBoolean("reconnect"));
    assertTrue(!drained.isDone());
    ann.session.connectionClosed();
    assertTrue(drained.isDone());
    Client late = guest("late");
    assertEquals(4100, late.next("bye").getInt("code"));
  }

  @Test
  void aSessionThatEndsWhileItJoinsIsNotLeftInTheRoom() {
    Client ann = guest("ann");
    assertEquals(ClientSession.Joined.OK, ann.session.join(LOBBY, null));
    ann.session.connectionClosed();
    hub.subscribe(
        ann.session,
        LOBBY,
        new Hub.Terms(Namespace.SHIPPED.get(0), true, Hub.Presence.USERS, 20, null, 0),
        new Hub.Beginning() {
          @Override
          public void began(SubscriptionStart start, Runnable goLive) {
            throw new AssertionError("it has ended");
          }

          @Override
          public void failed() {
            throw new AssertionError("nothing failed");
          }
        });
    workers.runAll();
    assertEquals(0, hub.channelCount());
  }
}
