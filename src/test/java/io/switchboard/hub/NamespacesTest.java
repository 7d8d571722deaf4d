package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import io.switchboard.channel.Namespace.Deliver;
import io.switchboard.channel.Payload;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the namespace of a channel permits, as clients see it. */
class NamespacesTest {
  private static final Duration WEEK = Duration.ofDays(7);

  private final TestNode node =
      new TestNode(
          List.of(
              new Namespace("orders", Access.AUTHENTICATED, Access.SERVER, 100_000, WEEK, false),
              new Namespace("secret", Access.TOKEN, Access.TOKEN, 10, WEEK, false),
              talk("room"),
              talk("other")),
          9,
          1 << 20);

  private static Namespace talk(String name) {
    return new Namespace(
        name, Access.ANYONE, Access.ANYONE, 10, WEEK, true, Deliver.EVERY, true, 2);
  }

  private Client connected(String user) {
    Client client = node.connect(node.superchat, new Identity(user, user.startsWith("guest")));
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    return client;
  }

  private static void assertRefused(Client client, String code, String message) {
    JsonObject error = client.next("error");
    assertEquals(code, error.getString("code"));
    assertTrue(error.getString("message").startsWith(message), error.toString());
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  @Test
  void ordersAreForTheKnownAndFromTheServer() {
    Client ann = connected("ann");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'orders:7'}");
    ann.next("subscribed");
    ann.sayAndSettle("{'type':'publish','id':3,'channel':'orders:7','data':1}");
    assertRefused(ann, "forbidden", "channel: you may not speak here");
    for (int i = 0; i < 1_001; i++) { // more than a shipped namespace keeps
      node.hub.publish(new ChannelName("orders:7"), null, Payload.of(node.json.read("[1]")), false);
      node.workers.runAll();
    }
    node.time.pass(WEEK.minusSeconds(1));
    ann.sayAndSettle("{'type':'unsubscribe','id':4,'channel':'orders:7'}");
    Client late = connected("late");
    late.sayAndSettle(
        "{'type':'history','id':2,'channel':'orders:7','limit':1000,"
            + "'since':{'epoch':'e','offset':1}}");
    assertEquals(1_000, late.next("history").getJsonArray("publications").size());
    Client guest = connected("guest-1");
    guest.sayAndSettle("{'type':'subscribe','id':2,'channel':'orders:7'}");
    assertRefused(guest, "forbidden", "channel: you may not listen here");
    guest.sayAndSettle("{'type':'history','id':3,'channel':'orders:7'}");
    assertRefused(guest, "forbidden", "channel: you may not read here");
  }

  @Test
  void whatNeedsATokenIsClosedAndSaysSo() {
    Client ann = connected("ann");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'secret:a'}");
    assertRefused(ann, "forbidden", "channel: a token for it is needed");
    ann.sayAndSettle("{'type':'publish','id':3,'channel':'secret:a','data':1}");
    assertRefused(ann, "forbidden", "channel: a token for it is needed");
  }

  @Test
  void presenceThatIsNotKeptIsNotAnsweredWithNobody() {
    Client ann = connected("ann");
    ann.sayAndSettle("{'type':'presence','id':2,'channel':'orders:7'}");
    assertRefused(ann, "forbidden", "channel: presence is not kept here");
  }

  @Test
  void aNamespaceThatIsNotThereIsUnknown() {
    Client ann = connected("ann");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'live:a'}");
    assertRefused(
        ann, "unknown-channel", "channel: expected one of the namespaces orders, other, room");
  }

  @Test
  void aRateHoldsForASessionInANamespace() {
    Client ann = connected("ann");
    String publish = "{'type':'publish','id':2,'channel':'%s','data':1}";
    ann.sayAndSettle(publish.formatted("room:a"));
    ann.next("published");
    ann.sayAndSettle(publish.formatted("room:b"));
    ann.next("published");
    ann.sayAndSettle(publish.formatted("room:c"));
    assertRefused(ann, "rate-limited", "channel: at most 2 publications per second on room:");
    ann.sayAndSettle(publish.formatted("other:a"));
    ann.next("published");
    Client bob = connected("bob");
    bob.sayAndSettle(publish.formatted("room:a"));
    bob.next("published");
    node.time.pass(Duration.ofMillis(500));
    ann.sayAndSettle(publish.formatted("room:c"));
    ann.next("published");
    ann.sayAndSettle(publish.formatted("room:c"));
    assertRefused(ann, "rate-limited", "channel:");
  }

  @Test
  void aRateHoldsInChatToo() {
    Client ann = node.connect(node.chat, new Identity("guest-ann", true));
    ann.next("welcome");
    ann.sayAndSettle("{'type':'join','room':'a'}");
    ann.next("joined");
    for (int i = 0; i < 2; i++) {
      ann.sayAndSettle("{'type':'say','room':'a','text':'hi'}");
      ann.next("said");
    }
    ann.sayAndSettle("{'type':'say','room':'a','text':'hi'}");
    assertRefused(ann, "rate-limited", "room: at most 2 publications per second on room:");
  }
}
