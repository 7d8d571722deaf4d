package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.command.CommandDispatcher;
import io.switchboard.engine.memory.MemoryBroker;
import io.switchboard.engine.memory.MemorySettings;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.HandshakeRecord;
import io.switchboard.protocol.Json;
import io.switchboard.session.Budget;
import io.switchboard.session.ClientSession;
import io.switchboard.session.HeartbeatSettings;
import io.switchboard.session.SessionRegistry;
import io.switchboard.session.SessionSettings;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.FakeTransport;
import io.switchboard.testing.StepExecutor;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of {@code chat} see of each other, with every part but the container. */
class ChatTest {
  private static final ChannelName LOBBY = ChannelName.room("lobby");
  private static final HandshakeRecord HANDSHAKE =
      new HandshakeRecord("GET /chat HTTP/1.1", Map.of(), Map.of());

  private final FakeTime time = new FakeTime();
  private final StepExecutor workers = new StepExecutor();
  private final Json json = new Json();
  private final ChatCodec chat = new ChatCodec(json);
  private final HeartbeatSettings heartbeat =
      new HeartbeatSettings(Duration.ofSeconds(25), Duration.ofSeconds(10));
  private final Hub hub =
      new Hub(
          new MemoryBroker(
              Namespace.SHIPPED, new MemorySettings(1_000_000, 100), time, () -> "e", workers),
          workers,
          time);
  private final SessionRegistry registry =
      new SessionRegistry(
          new CommandDispatcher(hub, new ChannelPolicy(Namespace.SHIPPED), chat, heartbeat),
          new SessionSettings(65_536, 2, 200, 1_000, 1 << 20, Duration.ofSeconds(60)),
          heartbeat,
          new Budget(1_000_000_000),
          workers,
          workers,
          new SessionRegistry.Sources(time, time, new Random(1)));

  /** A client and what it has been told. */
  private final class Client {
    final FakeTransport transport = new FakeTransport();
    final ClientSession session;
    private int read;

    Client(Identity identity) {
      session = registry.open(identity, "127.0.0.1", HANDSHAKE, chat, transport);
      workers.runAll();
      next("welcome");
    }

    void say(String command) {
      session.received(() -> chat.decode(command.replace('\'', '"')));
    }

    /** Says something and lets everything happen that follows from it. */
    void sayAndSettle(String command) {
      say(command);
      workers.runAll();
    }

    JsonObject next(String type) {
      assertTrue(read < transport.frames.size(), "nothing more was told, expected " + type);
      JsonObject frame = json.read(transport.frames.get(read++)).asJsonObject();
      assertEquals(type, frame.getString("type"), frame.toString());
      return frame;
    }

    void join(String name) {
      sayAndSettle("{'type':'join','room':'lobby','name':'%s'}".formatted(name));
      next("joined");
    }

    void assertNothingMore() {
      assertEquals(List.of(), transport.frames.subList(read, transport.frames.size()));
    }
  }

  private Client guest(String user) {
    return new Client(new Identity("guest-" + user, true));
  }

  @AfterEach
  void nothingIsLeftBehind() {
    registry.all().forEach(ClientSession::connectionClosed);
    workers.runAll();
    assertEquals(0, registry.size());
    assertEquals(0, hub.channelCount(), "channels without sessions must be forgotten");
    assertEquals(0, registry.countFrom("127.0.0.1"));
  }

  @Test
  void whatOneSaysEverybodyHearsInOneOrder() {
    Client ann = guest("ann");
    Client bob = guest("bob");
    ann.join("Ann");
    bob.join("Bob");
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
    ann.join("Ann");
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
      speaker.join("S");
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
    Client one = new Client(new Identity("ann", false));
    Client two = new Client(new Identity("ann", false));
    Client bob = guest("bob");
    bob.join("Bob");
    one.join("ignored");
    bob.next("joined");
    two.join("ignored");
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
    ann.join("Ann");
    bob.join("Bob");
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
    ann.join("Ann");
    ann.sayAndSettle("{'type':'join','room':'lobby'}");
    assertEquals("already-subscribed", ann.next("error").getString("code"));
    ann.sayAndSettle("{'type':'join','room':'two'}");
    ann.next("joined");
    ann.sayAndSettle("{'type':'join','room':'three'}");
    assertEquals("limit-exceeded", ann.next("error").getString("code"));
  }

  @Test
  void aProvenUserHearsWhatIsPushedToIt() {
    Client ann = new Client(new Identity("ann", false));
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
    ann.join("Ann");
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
        IllegalArgumentException.class, () -> new Client(new Identity("x".repeat(300), false)));
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
    ann.join("Ann");
    bob.join("Bob");
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
  void aSlowReaderIsClosedAndNobodyWaitsForIt() {
    Client slow = guest("slow");
    Client ann = guest("ann");
    slow.join("Slow");
    ann.join("Ann");
    slow.transport.immediate = false;
    String big = "x".repeat(60_000);
    for (int i = 0; i < 20; i++) {
      ann.sayAndSettle("{'type':'say','room':'lobby','text':'%s'}".formatted(big));
      ann.session.ponged(
          ann.transport.pings.isEmpty() ? new byte[0] : ann.transport.pings.removeLast());
      workers.runAll();
    }
    for (int i = 0; i < 20; i++) {
      if (ann.transport.frames.get(ann.read).contains("left")) {
        ann.next("left");
      }
      ann.next("said");
    }
    assertTrue(slow.session.hasEnded());
    assertTrue(slow.session.queuedBytes() < 1_000, "what was queued for it is thrown away");
  }

  @Test
  void aDrainTellsEverybodyAndLetsNobodyIn() {
    Client ann = guest("ann");
    ann.join("Ann");
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
    hub.subscribe(ann.session, LOBBY, new Hub.Terms(true, 20), history -> {}, error -> {});
    workers.runAll();
    assertEquals(0, hub.channelCount());
  }
}
