package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of {@code superchat} see, with every part but the container. */
class SuperchatTest {
  private static final ChannelName A = new ChannelName("room:a");

  private final TestNode node = new TestNode(3);

  private Client open(String user) {
    return node.connect(node.superchat, new Identity(user, user.startsWith("guest")));
  }

  private Client connected(String user) {
    Client client = open(user);
    client.sayAndSettle("{'type':'connect','id':1,'name':'%s'}".formatted(user));
    client.next("connected");
    return client;
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      node.hub.publish(A, null, Payload.of(node.json.read("[1]")), false);
    }
    node.workers.runAll();
  }

  private static String since(long offset) {
    return "'since':{'epoch':'e','offset':%d}".formatted(offset);
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  @Test
  void connectComesFirst() {
    Client ann = open("guest-ann");
    ann.assertNothingMore();
    ann.sayAndSettle("{'type':'ping','id':1}");
    JsonObject error = ann.next("error");
    assertEquals("unauthenticated", error.getString("code"));
    assertEquals(1, error.getInt("re"));
    ann.sayAndSettle("{'type':'connect','id':2,'name':'Ann'}");
    JsonObject connected = ann.next("connected");
    assertEquals(2, connected.getInt("re"));
    assertEquals("guest-ann", connected.getString("user"));
    assertEquals(25, connected.getInt("heartbeat"));
    assertEquals(
        "{\"message\":65536,\"channels\":3,\"rate\":200}",
        connected.getJsonObject("limits").toString());
    ann.sayAndSettle("{'type':'connect','id':3}");
    assertEquals("bad-request", ann.next("error").getString("code"));
    ann.sayAndSettle("{'type':'ping','id':4}");
    assertEquals(4, ann.next("pong").getInt("re"));
  }

  @Test
  void whoDoesNotConnectInTimeIsClosed() {
    Client ann = open("guest-ann");
    Client bob = connected("guest-bob");
    node.time.pass(Duration.ofSeconds(5));
    node.registry.beat();
    node.workers.runAll();
    assertEquals(4002, ann.next("bye").getInt("code"));
    assertFalse(bob.session.hasEnded());
  }

  @Test
  void aSubscriptionStatesItsPositionBeforeAnythingFollows() {
    publish(3);
    Client ann = connected("guest-ann");
    ann.say("{'type':'subscribe','id':2,'channel':'room:a'}");
    ann.say("{'type':'publish','id':3,'channel':'room:a','data':{'n':1},'key':'k'}");
    node.workers.runAll();
    // Answers may overtake each other; a publication never comes before its subscription.
    assertEquals(4, ann.next("published").getInt("offset"));
    JsonObject subscribed = ann.next("subscribed");
    assertEquals("e", subscribed.getString("epoch"));
    assertEquals(3, subscribed.getInt("offset"));
    assertFalse(subscribed.containsKey("recovered"));
    assertEquals(0, subscribed.getJsonArray("publications").size());
    JsonObject publication = ann.next("publication");
    assertEquals(4, publication.getInt("offset"));
    assertEquals("k", publication.getString("key"));
    ann.assertNothingMore();
  }

  @Test
  void howFarAUserHasReadIsKept() {
    Client ann = connected("ann");
    ann.sayAndSettle("{'type':'ack','channel':'room:a','offset':7}");
    ann.sayAndSettle("{'type':'ack','channel':'room:a','offset':5}");
    Client elsewhere = connected("ann");
    elsewhere.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    assertEquals(7, elsewhere.next("subscribed").getInt("read"));
    ann.assertNothingMore();
    ann.sayAndSettle("{'type':'ack','channel':'user:bob','offset':5}");
    assertEquals("forbidden", ann.next("error").getString("code"));
  }

  @Test
  void aRepeatedKeyIsAnsweredAndNotDelivered() {
    Client ann = connected("guest-ann");
    for (int i = 0; i < 2; i++) {
      ann.sayAndSettle("{'type':'publish','id':2,'channel':'room:a','data':1,'key':'k'}");
    }
    assertFalse(ann.next("published").containsKey("duplicate"));
    JsonObject repeated = ann.next("published");
    assertTrue(repeated.getBoolean("duplicate"));
    assertEquals(1, repeated.getInt("offset"));
  }

  @Test
  void whatWasMissedIsRecovered() {
    publish(5);
    Client ann = connected("guest-ann");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'," + since(2) + "}");
    JsonObject subscribed = ann.next("subscribed");
    assertTrue(subscribed.getBoolean("recovered"));
    assertEquals("[3, 4, 5]", offsets(subscribed.getJsonArray("publications")).toString());
  }

  @Test
  void whatCannotBeRecoveredWhollyIsNotRecoveredAtAll() {
    publish(1_002);
    for (String since : List.of(since(1), since(1_003), "'since':{'epoch':'x','offset':1000}")) {
      Client ann = connected("guest-ann");
      ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'," + since + "}");
      JsonObject subscribed = ann.next("subscribed");
      assertFalse(subscribed.getBoolean("recovered"), since);
      assertEquals(1_002, subscribed.getInt("offset"));
      assertEquals(0, subscribed.getJsonArray("publications").size());
    }
  }

  @Test
  void connectRecoversManyChannelsInOneRoundTrip() {
    publish(2);
    Client ann = open("ann");
    ann.say(
        "{'type':'connect','id':1,'subs':{'room:a':{'epoch':'e','offset':1},'push:news':null,"
            + "'nowhere:x':null,'user:bob':null}}");
    publish(1);
    JsonObject subs = ann.next("connected").getJsonObject("subs");
    assertTrue(subs.getJsonObject("room:a").getBoolean("recovered"));
    assertEquals(0, subs.getJsonObject("push:news").getInt("offset"));
    assertEquals("unknown-channel", subs.getJsonObject("nowhere:x").getString("code"));
    assertEquals("forbidden", subs.getJsonObject("user:bob").getString("code"));
    assertEquals(3, ann.next("publication").getInt("offset"));
    node.hub.publish(ChannelName.user("ann"), null, Payload.of(node.json.read("1")), false);
    node.workers.runAll();
    assertEquals("user:ann", ann.next("publication").getString("channel"));
    ann.assertNothingMore();
  }

  @Test
  void recoveryAndLiveMeetWithoutHoleOrDouble() {
    long seed = 20_261_120;
    Random random = new Random(seed);
    Client reader = connected("guest-reader");
    long seen = 0;
    long total = 0;
    for (int round = 0; round < 2_000; round++) {
      String told = "seed %d, round %d".formatted(seed, round);
      reader.say(
          "{'type':'subscribe','id':%d,'channel':'room:a',%s}".formatted(round + 1, since(seen)));
      for (int i = random.nextInt(6); i > 0; i--) {
        node.hub.publish(A, null, Payload.of(node.json.read("1")), false);
        total++;
        for (int steps = random.nextInt(5); steps > 0 && node.workers.waiting() > 0; steps--) {
          node.workers.step();
        }
      }
      boolean cut = random.nextBoolean();
      if (!cut) {
        node.workers.runAll();
      }
      if (reader.isNext("subscribed")) {
        JsonObject subscribed = reader.next("subscribed");
        assertTrue(subscribed.getBoolean("recovered"), told);
        for (long offset : offsets(subscribed.getJsonArray("publications"))) {
          assertEquals(++seen, offset, told);
        }
        while (reader.isNext("publication")) {
          assertEquals(++seen, reader.next("publication").getInt("offset"), told);
        }
      }
      if (!cut) {
        assertEquals(total, seen, told);
      }
      reader.session.connectionClosed();
      node.workers.runAll();
      node.time.pass(Duration.ofSeconds(1));
      reader = connected("guest-reader");
    }
  }

  private static List<Long> offsets(JsonArray publications) {
    return publications.stream()
        .map(publication -> publication.asJsonObject().getJsonNumber("offset").longValue())
        .toList();
  }

  @Test
  void presenceIsToldSessionBySessionToThoseWhoAsk() {
    Client ann = connected("guest-ann");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a','presence':true}");
    assertEquals(1, ann.next("subscribed").getJsonArray("presence").size());
    Client bob = connected("guest-bob");
    bob.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    assertFalse(bob.next("subscribed").containsKey("presence"));
    JsonObject joined = ann.next("joined");
    assertEquals(bob.session.id(), joined.getString("session"));
    assertEquals("guest-bob", joined.getString("name"));
    bob.sayAndSettle("{'type':'presence','id':3,'channel':'room:a'}");
    assertEquals(2, bob.next("presence").getJsonArray("members").size());
    bob.sayAndSettle("{'type':'unsubscribe','id':4,'channel':'room:a'}");
    assertEquals(4, bob.next("unsubscribed").getInt("re"));
    assertEquals(bob.session.id(), ann.next("left").getString("session"));
    bob.sayAndSettle("{'type':'unsubscribe','id':5,'channel':'room:a'}");
    assertEquals("not-subscribed", bob.next("error").getString("code"));
    bob.assertNothingMore();
    ann.assertNothingMore();
  }

  @Test
  void peopleInChatAndApplicationsInSuperchatShareRooms() {
    Client ann = node.connect(node.chat, new Identity("guest-ann", true));
    ann.next("welcome");
    ann.sayAndSettle("{'type':'join','room':'a','name':'Ann'}");
    ann.next("joined");
    Client bob = connected("guest-bob");
    bob.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    bob.next("subscribed");
    assertEquals("guest-bob", ann.next("joined").getString("name"));
    ann.sayAndSettle("{'type':'say','room':'a','text':'hi'}");
    ann.next("said");
    JsonObject publication = bob.next("publication");
    assertEquals("{\"text\":\"hi\"}", publication.getJsonObject("data").toString());
    assertEquals("Ann", publication.getString("name"));
    bob.sayAndSettle(
        "{'type':'publish','id':3,'channel':'room:a','data':{'n':1},'ephemeral':true}");
    assertFalse(
        (bob.isNext("published") ? bob.next("published") : bob.next("publication"))
            .containsKey("offset"));
    assertEquals("room:a", ann.next("push").getString("channel"));
  }

  @Test
  void historyIsReadInPieces() {
    publish(5);
    Client ann = connected("guest-ann");
    ann.sayAndSettle("{'type':'history','id':2,'channel':'room:a','limit':2," + since(1) + "}");
    JsonObject history = ann.next("history");
    assertEquals(5, history.getInt("offset"));
    assertEquals("[2, 3]", offsets(history.getJsonArray("publications")).toString());
    ann.sayAndSettle("{'type':'history','id':3,'channel':'room:a','limit':2,'reverse':true}");
    assertEquals("[5, 4]", offsets(ann.next("history").getJsonArray("publications")).toString());
  }

  @Test
  void whoMayDoWhatIsAskedOfThePolicy() {
    Client guest = connected("guest-ann");
    for (String command :
        List.of(
            "{'type':'subscribe','id':2,'channel':'push:news'}",
            "{'type':'publish','id':2,'channel':'push:news','data':1}",
            "{'type':'history','id':2,'channel':'user:bob'}",
            "{'type':'presence','id':2,'channel':'user:bob'}")) {
      guest.sayAndSettle(command);
      assertEquals("forbidden", guest.next("error").getString("code"), command);
    }
    guest.sayAndSettle("{'type':'publish','id':2,'channel':'nowhere:x','data':1}");
    assertEquals("unknown-channel", guest.next("error").getString("code"));
    for (String command :
        List.of(
            "{'type':'subscribe','id':2,'channel':'room:a','token':'t'}",
            "{'type':'refresh','id':2,'token':'t'}")) {
      guest.sayAndSettle(command);
      guest.next("error");
    }
  }

  @Test
  void aHeartbeatIsAMessageTooBecauseBrowsersDoNotShowPings() {
    Client ann = connected("guest-ann");
    node.time.pass(Duration.ofSeconds(25));
    node.registry.beat();
    node.workers.runAll();
    ann.next("ping");
    assertEquals(1, ann.transport.pings.size());
    ann.sayAndSettle("{'type':'pong'}");
    node.time.pass(Duration.ofSeconds(10));
    node.registry.beat();
    node.workers.runAll();
    ann.assertNothingMore();
    assertFalse(ann.session.hasEnded());
  }

  @Test
  void whoAsksForMuchAtOnceAndReadsIsAnsweredAndNotClosed() {
    String big = "\"" + "x".repeat(1_000) + "\"";
    for (int i = 0; i < 500; i++) {
      node.hub.publish(A, null, Payload.of(node.json.read(big)), false);
    }
    node.workers.runAll();
    Client ann = connected("guest-ann");
    for (int id = 2; id < 22; id++) {
      ann.say("{'type':'history','id':%d,'channel':'room:a','limit':500}".formatted(id));
    }
    node.workers.runAll();
    while (!ann.transport.pings.isEmpty()) {
      ann.answerPings();
    }
    for (int id = 2; id < 22; id++) {
      assertEquals(id, ann.next("history").getInt("re"));
    }
    assertFalse(ann.session.hasEnded());
  }

  @Test
  void whatIsTakenOffBeforeItBeganHoldsUpNobody() {
    Client ann = open("guest-ann");
    ann.say("{'type':'connect','id':1,'subs':{'room:a':null,'room:b':null}}");
    ann.say("{'type':'unsubscribe','id':2,'channel':'room:a'}");
    node.workers.runAll();
    List<JsonObject> both = List.of(ann.told().get(0), ann.told().get(1));
    JsonObject connected = both.get(both.get(0).getString("type").equals("connected") ? 0 : 1);
    assertEquals("connected", connected.getString("type"), both::toString);
    ann.next(both.get(0).getString("type"));
    ann.next(both.get(1).getString("type"));
    assertEquals(
        "not-subscribed",
        connected.getJsonObject("subs").getJsonObject("room:a").getString("code"));
    node.hub.publish(new ChannelName("room:b"), null, Payload.of(node.json.read("1")), false);
    publish(1);
    assertEquals("room:b", ann.next("publication").getString("channel"));
    ann.assertNothingMore();
  }

  @Test
  void aSubscriptionIsAnsweredBeforeItsEnd() {
    long seed = 7;
    Random random = new Random(seed);
    Client ann = connected("guest-ann");
    for (int id = 2; id < 1_000; id += 2) {
      ann.say("{'type':'subscribe','id':%d,'channel':'room:a'}".formatted(id));
      for (int steps = random.nextInt(6); steps > 0 && node.workers.waiting() > 0; steps--) {
        node.workers.step();
      }
      ann.sayAndSettle("{'type':'unsubscribe','id':%d,'channel':'room:a'}".formatted(id + 1));
      JsonObject answer = ann.isNext("error") ? ann.next("error") : ann.next("subscribed");
      assertEquals(id, answer.getInt("re"));
      assertEquals(id + 1, ann.next("unsubscribed").getInt("re"));
      ann.assertNothingMore();
      node.time.pass(Duration.ofSeconds(1));
    }
  }

  @Test
  void nothingIsToldAfterTheEndOfASubscriptionNotEvenByAPageUnderWay() {
    publish(300);
    Random random = new Random(11);
    Client ann = connected("guest-ann");
    for (int id = 2; id < 1_000; id += 2) {
      ann.say("{'type':'subscribe','id':%d,'channel':'room:a',%s}".formatted(id, since(0)));
      for (int steps = random.nextInt(30); steps > 0 && node.workers.waiting() > 0; steps--) {
        node.workers.step();
      }
      ann.sayAndSettle("{'type':'unsubscribe','id':%d,'channel':'room:a'}".formatted(id + 1));
      List<JsonObject> told = ann.told();
      assertEquals("unsubscribed", told.get(told.size() - 1).getString("type"));
      node.time.pass(Duration.ofSeconds(1));
      ann.answerPings();
    }
  }

  @Test
  void whoComesBackBeforeTheOneWhoTookItOffHasSaidSoIsThere() {
    Client ann = connected("guest-ann");
    ann.sayAndSettle("{'type':'subscribe','id':2,'channel':'room:a'}");
    ann.next("subscribed");
    assertTrue(ann.session.leave(A)); // by another thread, which is slow
    ann.sayAndSettle("{'type':'subscribe','id':3,'channel':'room:a'}");
    assertEquals(3, ann.next("subscribed").getInt("re"));
    node.hub.unsubscribe(ann.session, A);
    publish(1);
    assertEquals(1, ann.next("publication").getInt("offset"));
    ann.sayAndSettle("{'type':'unsubscribe','id':4,'channel':'room:a'}");
    ann.next("unsubscribed");
    assertEquals(0, node.hub.channelCount());
  }
}
