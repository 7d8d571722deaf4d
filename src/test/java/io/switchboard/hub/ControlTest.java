package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.engine.ControlBus.Outcome;
import io.switchboard.engine.Order;
import io.switchboard.event.Event;
import io.switchboard.event.PublicationAccepted;
import io.switchboard.event.Subscribed;
import io.switchboard.event.Unsubscribed;
import io.switchboard.protocol.Codec;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What applications do to sessions, with every part but the container. */
class ControlTest {
  private static final ChannelName NEWS = new ChannelName("push:news");
  private static final ChannelName LOBBY = ChannelName.room("lobby");

  private final TestNode node = new TestNode(2);

  private Client open(Codec codec, String user) {
    return node.connect(codec, new Identity(user, user.startsWith("guest"), "The " + user));
  }

  private Client superchat(String user) {
    Client client = open(node.superchat, user);
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    return client;
  }

  private Client chat(String user) {
    Client client = open(node.chat, user);
    client.next("welcome");
    return client;
  }

  private Outcome send(Order order) {
    var outcome = node.bus.send(order).toCompletableFuture();
    node.workers.runAll();
    return outcome.join();
  }

  private Outcome subscribe(ChannelName channel) {
    return send(new Order.Subscribe("ann", channel));
  }

  private Outcome unsubscribe(ChannelName channel) {
    return send(new Order.Unsubscribe("ann", channel, "over", false));
  }

  private void publish(ChannelName channel, String data) {
    node.hub.publish(channel, null, Payload.of(node.json.read(data)), false);
    node.workers.runAll();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  @Test
  void allSessionsOfTheUserAreDisconnectedAndNobodyElses() {
    List<Client> anns = List.of(chat("ann"), superchat("ann"), open(node.superchat, "ann"));
    Client bob = chat("bob");
    assertEquals(new Outcome(3, 0), send(new Order.DisconnectUser("ann", 4201, "spread out")));
    for (Client ann : anns) {
      JsonObject bye = ann.next("bye");
      assertEquals(4201, bye.getInt("code"));
      assertEquals("spread out", bye.getString("reason"));
      assertTrue(bye.getBoolean("reconnect"));
      assertEquals(4201, ann.transport.closes.get(0).code());
    }
    bob.assertNothingMore();
    assertEquals(Outcome.NOBODY, send(new Order.DisconnectUser("ann", 4004, "again")));
  }

  @Test
  void oneSessionIsDisconnected() {
    Client one = chat("ann");
    Client other = chat("ann");
    Order order = new Order.DisconnectSession(one.session.id(), Order.KICKED, Order.NO_REASON);
    assertEquals(new Outcome(1, 0), send(order));
    JsonObject bye = one.next("bye");
    assertEquals(4004, bye.getInt("code"));
    assertFalse(bye.getBoolean("reconnect"));
    other.assertNothingMore();
    assertEquals(Outcome.NOBODY, send(order));
    assertEquals(Outcome.NOBODY, send(new Order.DisconnectSession("nobody", Order.KICKED, "")));
  }

  @Test
  void superchatIsToldThatItListensAndThatItDoesNot() {
    publish(NEWS, "1");
    Client ann = superchat("ann");
    assertEquals(new Outcome(1, 0), subscribe(NEWS));
    JsonObject subscribed = ann.next("subscribed");
    assertFalse(subscribed.containsKey("re"));
    assertEquals("push:news", subscribed.getString("channel"));
    assertEquals(1, subscribed.getInt("offset"));
    publish(NEWS, "2");
    assertEquals(2, ann.next("publication").getInt("offset"));
    assertEquals(new Outcome(1, 0), subscribe(NEWS), "it listens already");
    ann.assertNothingMore();

    assertEquals(new Outcome(1, 0), unsubscribe(NEWS));
    assertEquals(
        "{\"type\":\"unsubscribed\",\"channel\":\"push:news\",\"code\":\"forbidden\","
            + "\"reason\":\"over\",\"resubscribe\":false}",
        ann.next("unsubscribed").toString());
    publish(NEWS, "3");
    ann.assertNothingMore();
    assertEquals(Outcome.NOBODY, unsubscribe(NEWS));
    // The client may come back by itself, if its namespace lets it.
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'push:news'}");
    assertEquals(3, ann.next("subscribed").getInt("offset"));
  }

  @Test
  void chatThatIsBroughtIntoARoomSeesWhatAJoinerSees() {
    publish(LOBBY, "{\"text\":\"before\"}");
    node.time.pass(Duration.ofMillis(1));
    Client bob = chat("bob");
    bob.sayAndSettle("{'type':'join','room':'lobby','last':0}");
    bob.next("joined");
    Client ann = chat("ann");
    assertEquals(new Outcome(1, 0), subscribe(LOBBY));
    assertEquals("The ann", ann.next("joined").getString("name"));
    assertEquals(1, ann.next("history").getJsonArray("messages").size());
    assertEquals("ann", bob.next("joined").getString("user"));
    ann.sayAndSettle("{'type':'say','room':'lobby','text':'hi'}");
    ann.next("said");
    bob.next("said");
    unsubscribe(LOBBY);
    ann.next("left");
    assertEquals("room:lobby: over", ann.next("error").getString("message"));
    bob.next("left");
    ann.assertNothingMore();
  }

  @Test
  void chatHearsOtherChannelsAsPushes() {
    Client ann = chat("ann");
    subscribe(NEWS);
    ann.assertNothingMore();
    publish(NEWS, "5");
    assertEquals(5, ann.next("push").getInt("data"));
  }

  @Test
  void aSessionThatIsFullIsCounted() {
    Client ann = superchat("ann");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    ann.sayAndSettle("{'type':'subscribe','id':3,'channel':'room:b'}");
    ann.next("subscribed");
    ann.next("subscribed");
    Client other = superchat("ann");
    assertEquals(new Outcome(1, 1), subscribe(NEWS));
    ann.assertNothingMore();
    other.next("subscribed");
  }

  @Test
  void whoHasNotConnectedYetIsToldNothingBeforeThat() {
    Client ann = open(node.superchat, "ann");
    assertEquals(Outcome.NOBODY, subscribe(NEWS));
    ann.assertNothingMore();
  }

  @Test
  void aUsersOwnChannelStandsInConnectedAndIsRecovered() {
    publish(ChannelName.user("ann"), "1");
    Client ann = open(node.superchat, "ann");
    ann.sayAndSettle("{'type':'connect','id':1}");
    JsonObject own = ann.next("connected").getJsonObject("subs").getJsonObject("user:ann");
    assertEquals(1, own.getInt("offset"));
    assertFalse(own.containsKey("recovered"));
    publish(ChannelName.user("ann"), "2");
    assertEquals(2, ann.next("publication").getInt("offset"));
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'user:ann'}");
    assertEquals("already-subscribed", ann.next("error").getString("code"));
    ann.session.connectionClosed();

    publish(ChannelName.user("ann"), "3");
    Client back = open(node.superchat, "ann");
    back.sayAndSettle(
        "{'type':'connect','id':1,'subs':{'user:ann':{'epoch':'e','offset':1},'room:a':null}}");
    JsonObject subs = back.next("connected").getJsonObject("subs");
    assertEquals(2, subs.size(), subs::toString);
    JsonObject recovered = subs.getJsonObject("user:ann");
    assertTrue(recovered.getBoolean("recovered"));
    assertEquals(3, recovered.getInt("offset"));
    assertEquals(2, recovered.getJsonArray("publications").size());
    publish(ChannelName.user("ann"), "4");
    assertEquals(4, back.next("publication").getInt("offset"));
    back.assertNothingMore();
  }

  @Test
  void aGuestHasNoChannelOfItsOwn() {
    Client guest = open(node.superchat, "guest-1");
    guest.sayAndSettle("{'type':'connect','id':1}");
    assertFalse(guest.next("connected").containsKey("subs"));
  }

  @Test
  void whatHappensIsToldToWhoeverObserves() {
    Client ann = superchat("ann");
    node.events.clear();
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:lobby'}");
    ann.sayAndSettle("{'type':'publish','id':3,'channel':'room:lobby','data':1,'key':'k'}");
    ann.sayAndSettle("{'type':'publish','id':4,'channel':'room:lobby','data':1,'key':'k'}");
    ann.sayAndSettle("{'type':'unsubscribe','id':5,'channel':'room:lobby'}");
    assertEquals(3, node.events.size(), node.events::toString);
    Event subscribed = node.events.get(0);
    assertEquals(new Subscribed(ann.session.id(), "ann", LOBBY, subscribed.at()), subscribed);
    PublicationAccepted accepted = (PublicationAccepted) node.events.get(1);
    assertEquals(1, accepted.position().offset());
    assertEquals("k", accepted.publication().key());
    Event unsubscribed = node.events.get(2);
    assertEquals(new Unsubscribed(ann.session.id(), "ann", LOBBY, unsubscribed.at()), unsubscribed);
  }
}
