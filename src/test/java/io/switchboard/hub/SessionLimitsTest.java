package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import io.switchboard.channel.Namespace.Deliver;
import io.switchboard.channel.Payload;
import io.switchboard.protocol.Disconnect;
import io.switchboard.session.Limit;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits of sessions: what is told at each, that it is counted, and whom it leaves alone. */
class SessionLimitsTest {
  private static final Duration DAY = Duration.ofDays(1);

  /** As in the test's node: see there. */
  private static final int REFUSED = 20;

  private static final int PER_USER = 300;

  private final TestNode node =
      new TestNode(
          List.of(
              new Namespace("user", Access.OWNER, Access.SERVER, 10, DAY, false),
              new Namespace("secret", Access.SERVER, Access.SERVER, 10, DAY, false),
              new Namespace(
                  "room",
                  Access.ANYONE,
                  Access.ANYONE,
                  Access.ANYONE,
                  Access.ANYONE,
                  10,
                  DAY,
                  false,
                  Deliver.EVERY,
                  true,
                  3,
                  4)),
          2,
          1 << 20);

  private Client connected(String user) {
    Client client = node.connect(node.superchat, new Identity(user, false));
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    return client;
  }

  private static JsonObject assertRefused(Client client, String code, String message) {
    JsonObject error = client.next("error");
    assertEquals(code, error.getString("code"), error.toString());
    assertTrue(error.getString("message").startsWith(message), error.toString());
    return error;
  }

  private static JsonObject assertToldToWait(Client client, String message) {
    JsonObject error = assertRefused(client, "rate-limited", message);
    assertTrue(error.getBoolean("retry"));
    assertTrue(error.getInt("retryAfter") > 0, error.toString());
    return error;
  }

  private void assertCounted(Limit limit, long times) {
    Set<Limit> others = EnumSet.complementOf(EnumSet.of(limit));
    assertEquals(times, node.limitCounts.count(limit));
    others.forEach(other -> assertEquals(0, node.limitCounts.count(other), other.word()));
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  @Test
  void aUserHasSoManySessionsAndTheNewestGoes() {
    for (int i = 0; i < PER_USER; i++) {
      connected("ann");
    }
    Client oneMore = node.connect(node.superchat, new Identity("ann", false));
    assertEquals(4103, oneMore.next("bye").getInt("code"));
    assertEquals(4103, oneMore.session.end().map(Disconnect::code).orElse(0));
    assertTrue(node.registry.of("ann").stream().filter(s -> !s.hasEnded()).count() == PER_USER);
    assertCounted(Limit.SESSIONS_PER_USER, 1);
    connected("bob");
    oneMore.session.connectionClosed();
    node.registry.of("ann").get(0).connectionClosed();
    connected("ann");
  }

  @Test
  void aChannelCarriesSoManyPublicationsOfAllTogether() {
    Client ann = connected("ann");
    Client bob = connected("bob");
    String publish = "{'type':'publish','id':2,'channel':'%s','data':1}";
    for (int i = 0; i < 2; i++) {
      ann.sayAndSettle(publish.formatted("room:a"));
      ann.next("published");
      bob.sayAndSettle(publish.formatted("room:a"));
      bob.next("published");
    }
    bob.sayAndSettle(publish.formatted("room:a"));
    assertToldToWait(bob, "channel: at most 4 publications per second of all on one channel");
    assertCounted(Limit.CHANNEL_RATE, 1);
    ann.sayAndSettle(publish.formatted("room:b"));
    ann.next("published");
    ChannelName channel = new ChannelName("room:a");
    assertTrue(
        node.hub
            .publish(channel, null, Payload.of(node.json.read("[1]")), false)
            .toCompletableFuture()
            .handle((published, error) -> error == null)
            .getNow(true),
        "the application may");
    node.time.pass(Duration.ofSeconds(1));
    bob.sayAndSettle(publish.formatted("room:a"));
    bob.next("published");
  }

  @Test
  void aSessionPublishesSoOftenInANamespace() {
    Client ann = connected("ann");
    String publish = "{'type':'publish','id':2,'channel':'room:%s','data':1}";
    for (String room : List.of("a", "b", "c")) {
      ann.sayAndSettle(publish.formatted(room));
      ann.next("published");
    }
    ann.sayAndSettle(publish.formatted("d"));
    assertToldToWait(ann, "channel: at most 3 publications per second on room:");
    assertCounted(Limit.PUBLISH_RATE, 1);
  }

  @Test
  void whoTriesOneForbiddenChannelAfterTheOtherIsToldToWait() {
    Client eve = connected("eve");
    for (int i = 0; i < REFUSED; i++) {
      eve.sayAndSettle("{'type':'subscribe','id':2,'channel':'secret:%d'}".formatted(i));
      assertRefused(eve, "forbidden", "channel: you may not listen here");
    }
    eve.sayAndSettle("{'type':'subscribe','id':2,'channel':'secret:x'}");
    assertToldToWait(eve, "channel: too many that you may not have");
    eve.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    assertToldToWait(eve, "channel: too many that you may not have");
    assertCounted(Limit.SUBSCRIBE_ATTEMPTS, 2);
    Client ann = connected("ann");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    ann.next("subscribed");
    node.time.pass(Duration.ofMillis(500));
    eve.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    eve.next("subscribed");
  }

  @Test
  void soInChat() {
    Namespace closed = new Namespace("room", Access.SERVER, Access.SERVER, 10, DAY, false);
    TestNode closedNode = new TestNode(List.of(closed), 2, 1 << 20);
    Client eve = closedNode.connect(closedNode.chat, new Identity("eve", false));
    eve.next("welcome");
    for (int i = 0; i < REFUSED; i++) {
      eve.sayAndSettle("{'type':'join','room':'%d'}".formatted(i));
      assertRefused(eve, "forbidden", "room: you may not listen here");
    }
    eve.sayAndSettle("{'type':'join','room':'x'}");
    assertRefused(eve, "rate-limited", "room: too many that you may not have");
    closedNode.assertEndsEmpty();
  }

  @Test
  void channelsCommandsMistakesAndLongMessagesAreCounted() {
    Client ann = connected("ann");
    for (String room : List.of("a", "b")) {
      ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:%s'}".formatted(room));
      ann.next("subscribed");
    }
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:c'}");
    assertRefused(ann, "limit-exceeded", "channel: at most 2 at a time");
    assertCounted(Limit.CHANNELS, 1);
    Client bob = connected("bob");
    for (int i = 0; i < 20; i++) {
      bob.sayAndSettle("{'type':'nonsense','id':2}");
    }
    assertEquals(1, node.limitCounts.count(Limit.BAD_MESSAGES));
    Client carl = connected("carl");
    carl.session.close(Disconnect.tooBig(65_536));
    assertEquals(1, node.limitCounts.count(Limit.MESSAGE_SIZE));
    Client dora = connected("dora");
    dora.session.close(Disconnect.SLOW_CONSUMER);
    assertEquals(1, node.limitCounts.count(Limit.QUEUE));
    Client emil = connected("emil");
    for (int i = 0; i < 1_001; i++) {
      emil.say("{'type':'ping','id':2}");
    }
    assertEquals(2, node.limitCounts.count(Limit.COMMAND_RATE), "connect was one of 1,000");
  }
}
