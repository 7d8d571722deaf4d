package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.auth.Tokens;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import io.switchboard.channel.Namespace.Deliver;
import io.switchboard.channel.Payload;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels that are opened by a token made for them, as clients see it. */
class ChannelTokensTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final TestNode node =
      new TestNode(
          List.of(
              new Namespace("deal", Access.TOKEN, Access.SERVER, 10, DAY, true),
              new Namespace("closed", Access.SERVER, Access.SERVER, 10, DAY, true),
              new Namespace(
                  "room",
                  Access.ANYONE,
                  Access.ANYONE,
                  Access.SERVER,
                  Access.SERVER,
                  10,
                  DAY,
                  true,
                  Deliver.EVERY,
                  true,
                  0,
                  0)),
          9,
          1 << 20,
          TestNode.GRACE,
          new Written());

  /** Tokens that say what they are: {@code user channel seconds}. */
  private static final class Written implements Tokens {
    @Override
    public boolean accepted() {
      return true;
    }

    @Override
    public Verdict verify(String token) {
      return new Verdict.Bad("not one for a session", false);
    }

    @Override
    public Verdict verify(String token, String user, ChannelName channel) {
      if (token.equals("later")) {
        return new Verdict.Unknown("the keys are out of reach");
      }
      String[] words = token.split(" ", -1);
      if (!words[0].equals(user) || !words[1].equals(channel.value())) {
        return new Verdict.Bad("it is for another", false);
      }
      long seconds = Long.parseLong(words[2]);
      Instant end = FakeTime.START.plusSeconds(seconds);
      return seconds <= 0
          ? new Verdict.Bad("it has expired", true)
          : new Verdict.Good(new Identity(user, false), seconds == 999 ? null : end);
    }
  }

  private Client connected(String user) {
    Client client = node.connect(node.superchat, new Identity(user, user.startsWith("guest")));
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    return client;
  }

  private static void subscribe(Client client, String channel, String token, String more) {
    client.sayAndSettle(
        "{'type':'subscribe','id':2,'channel':'%s','token':'%s'%s}"
            .formatted(channel, token, more));
  }

  private static void assertRefused(Client client, String code, String message) {
    JsonObject error = client.next("error");
    assertEquals(code, error.getString("code"), error.toString());
    assertTrue(error.getString("message").startsWith(message), error.toString());
  }

  private static String history(String channel) {
    return "{'type':'history','id':3,'channel':'%s'}".formatted(channel);
  }

  private static String presence(String channel) {
    return "{'type':'presence','id':4,'channel':'%s'}".formatted(channel);
  }

  private void publish(String channel) {
    node.hub.publish(new ChannelName(channel), null, Payload.of(node.json.read("[1]")), false);
    node.workers.runAll();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  @Test
  void theTokenOpensItsChannelWithHistoryAndPresenceWhileItIsListenedTo() {
    publish("deal:7");
    Client ann = connected("ann");
    ann.sayAndSettle(history("deal:7"));
    assertRefused(ann, "forbidden", "channel: a token for it is needed");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'deal:7'}");
    assertRefused(ann, "forbidden", "channel: a token for it is needed");
    subscribe(ann, "deal:7", "ann deal:7 999", ",'since':{'epoch':'e','offset':0},'presence':true");
    JsonObject subscribed = ann.next("subscribed");
    assertTrue(subscribed.getBoolean("recovered"), subscribed.toString());
    assertEquals(1, subscribed.getJsonArray("publications").size());
    assertEquals(1, subscribed.getJsonArray("presence").size());
    ann.sayAndSettle(history("deal:7"));
    assertEquals(1, ann.next("history").getJsonArray("publications").size());
    ann.sayAndSettle(presence("deal:7"));
    assertEquals(1, ann.next("presence").getJsonArray("members").size());
    ann.sayAndSettle(history("deal:8"));
    assertRefused(ann, "forbidden", "channel: a token for it is needed");
    ann.sayAndSettle("{'type':'publish','id':5,'channel':'deal:7','data':1}");
    assertRefused(ann, "forbidden", "channel: you may not speak here");
    ann.sayAndSettle("{'type':'unsubscribe','id':6,'channel':'deal:7'}");
    ann.next("unsubscribed");
    assertEquals(0, node.channelTokens.size());
    ann.sayAndSettle(history("deal:7"));
    assertRefused(ann, "forbidden", "channel: a token for it is needed");
  }

  @Test
  void theSubscriptionEndsWithItsToken() {
    Client ann = connected("ann");
    subscribe(ann, "deal:7", "ann deal:7 60", "");
    ann.next("subscribed");
    node.time.pass(Duration.ofSeconds(59));
    node.channelTokens.beat();
    node.workers.runAll();
    publish("deal:7");
    ann.next("publication");
    node.time.pass(Duration.ofSeconds(1));
    ann.sayAndSettle(history("deal:7"));
    assertRefused(ann, "forbidden", "channel: a token for it is needed");
    node.channelTokens.beat();
    node.workers.runAll();
    JsonObject end = ann.next("unsubscribed");
    assertEquals("deal:7", end.getString("channel"));
    assertEquals("token-expired", end.getString("code"));
    assertTrue(end.getBoolean("resubscribe"));
    publish("deal:7");
    ann.assertNothingMore();
    subscribe(ann, "deal:7", "ann deal:7 90", ",'since':{'epoch':'e','offset':1}");
    JsonObject again = ann.next("subscribed");
    assertTrue(again.getBoolean("recovered"));
    assertEquals(1, again.getJsonArray("publications").size());
  }

  @Test
  void leavingAndComingBackByTheSameTokenDoesNotForgetItsEnd() {
    Client ann = connected("ann");
    subscribe(ann, "deal:7", "ann deal:7 60", "");
    ann.next("subscribed");
    ann.say("{'type':'unsubscribe','id':3,'channel':'deal:7'}");
    subscribe(ann, "deal:7", "ann deal:7 60", "");
    ann.next("unsubscribed");
    ann.next("subscribed");
    assertEquals(1, node.channelTokens.size());
    node.time.pass(Duration.ofSeconds(60));
    node.channelTokens.beat();
    node.workers.runAll();
    assertEquals("token-expired", ann.next("unsubscribed").getString("code"));
  }

  @Test
  void whoIsCutOffLeavesNoTokenBehind() {
    Client ann = connected("ann");
    subscribe(ann, "deal:7", "ann deal:7 60", "");
    ann.next("subscribed");
    ann.session.connectionClosed();
    node.workers.runAll();
    assertEquals(0, node.channelTokens.size());
  }

  @Test
  void aTokenForAnotherUserOrChannelOpensNothing() {
    Client ann = connected("ann");
    subscribe(ann, "deal:7", "bob deal:7 60", "");
    assertRefused(ann, "forbidden", "token: it is for another");
    subscribe(ann, "deal:7", "ann deal:8 60", "");
    assertRefused(ann, "forbidden", "token: it is for another");
    subscribe(ann, "deal:7", "ann deal:7 0", "");
    assertRefused(ann, "token-expired", "token: it has expired");
    subscribe(ann, "deal:7", "later", "");
    assertRefused(ann, "unavailable", "token: the keys are out of reach");
    subscribe(ann, "closed:7", "ann closed:7 60", "");
    assertRefused(ann, "forbidden", "channel: you may not listen here");
    assertEquals(0, node.channelTokens.size());
  }

  @Test
  void whoMayListenAndNotReadRecoversNothingAndSeesNobody() {
    publish("room:a");
    Client ann = connected("ann");
    ann.sayAndSettle(
        "{'type':'subscribe','id':2,'channel':'room:a','presence':true,"
            + "'since':{'epoch':'e','offset':0}}");
    JsonObject subscribed = ann.next("subscribed");
    assertFalse(subscribed.getBoolean("recovered"), subscribed.toString());
    assertEquals(0, subscribed.getJsonArray("publications").size());
    assertFalse(subscribed.containsKey("presence"), subscribed.toString());
    ann.sayAndSettle(history("room:a"));
    assertRefused(ann, "forbidden", "channel: you may not read here");
    ann.sayAndSettle(presence("room:a"));
    assertRefused(ann, "forbidden", "channel: you may not look here");
    ann.sayAndSettle("{'type':'ack','channel':'room:a','offset':1}");
    assertRefused(ann, "forbidden", "channel: you may not read here");
    publish("room:a");
    assertEquals(2, ann.next("publication").getInt("offset"));
    Client bob = connected("bob");
    bob.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    bob.next("subscribed");
    ann.assertNothingMore();
  }

  @Test
  void inChatToo() {
    publish("room:a");
    node.time.pass(Duration.ofSeconds(1));
    Client ann = node.connect(node.chat, new Identity("ann", false));
    ann.next("welcome");
    ann.sayAndSettle("{'type':'join','room':'a','last':5}");
    assertEquals("ann", ann.next("joined").getString("user"));
    ann.assertNothingMore();
    ann.sayAndSettle("{'type':'who','room':'a'}");
    assertRefused(ann, "forbidden", "room: you may not look here");
    Client bob = node.connect(node.chat, new Identity("bob", false));
    bob.next("welcome");
    bob.sayAndSettle("{'type':'join','room':'a','last':5}");
    assertEquals("bob", bob.next("joined").getString("user"));
    bob.sayAndSettle("{'type':'say','room':'a','text':'hi'}");
    bob.next("said");
    assertEquals("bob", ann.next("said").getString("user"));
    ann.assertNothingMore();
  }
}
