package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code superchat} promises, over each of its transports. */
class TransportContractIT extends WireTest {
  /** The transports. */
  enum Over {
    WEBSOCKET,
    SSE,
    LONGPOLL,
    POLLING
  }

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private Peer peer(Over over) {
    if (over == Over.WEBSOCKET) {
      return new WebSocketPeer(
          query ->
              websocket(
                  query.isEmpty()
                      ? handshake().offering("superchat")
                      : handshake().offering("superchat").query(query)));
    }
    return new HttpPeer(server(), this::socket, HttpPeer.How.valueOf(over.name()));
  }

  private Peer connected(Over over) {
    Peer peer = peer(over);
    JsonObject connected = peer.connect("{'type':'connect','id':1}", "");
    assertEquals("connected", connected.getString("type"), connected::toString);
    return peer;
  }

  private Peer connectedAs(Over over, String user) {
    Peer peer = peer(over);
    peer.connect("{'type':'connect','id':1}", "ticket=" + api().ticket(user, user));
    return peer;
  }

  private static JsonObject subscribe(Peer peer, String channel) {
    JsonObject subscribed =
        peer.ask("{'type':'subscribe','id':2,'channel':'%s','presence':true}".formatted(channel));
    assertEquals("subscribed", subscribed.getString("type"), subscribed::toString);
    return subscribed;
  }

  /** The next publication; who comes and goes is passed over. */
  private static JsonObject publication(Peer peer) {
    JsonObject message = peer.next();
    while (!message.getString("type").equals("publication")) {
      message = peer.next();
    }
    return message;
  }

  @ParameterizedTest
  @EnumSource
  void whatOneSaysAllHearInOrderTheSpeakerIncluded(Over over) {
    String channel = "room:" + room();
    Peer ann = connected(over);
    Peer bob = connected(Over.WEBSOCKET);
    subscribe(ann, channel);
    subscribe(bob, channel);
    for (int i = 1; i <= 20; i++) {
      JsonObject published =
          ann.ask(
              "{'type':'publish','id':%d,'channel':'%s','data':{'n':%d,'text':'\u00e9\\n'}}"
                  .formatted(i, channel, i));
      assertEquals(i, published.getInt("re"), published::toString);
      assertEquals(i, published.getInt("offset"), published::toString);
    }
    for (int i = 1; i <= 20; i++) {
      assertEquals(i, publication(ann).getJsonObject("data").getInt("n"));
      JsonObject heard = publication(bob);
      assertEquals(i, heard.getJsonObject("data").getInt("n"));
      assertEquals("\u00e9\n", heard.getJsonObject("data").getString("text"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void mistakesAreNamedAndTheSessionGoesOn(Over over) {
    Peer peer = connected(over);
    JsonObject error = peer.ask("{'type':'publish','id':5,'channel':7,'data':1}");
    assertEquals("error", error.getString("type"), error::toString);
    assertEquals("bad-request", error.getString("code"), error::toString);
    assertEquals(5, error.getInt("re"), error::toString);
    assertTrue(error.getString("message").startsWith("channel:"), error::toString);
    assertEquals("unknown-type", peer.ask("{'type':'dance','id':6}").getString("code"));
    assertEquals("pong", peer.ask("{'type':'ping','id':7}").getString("type"));
  }

  @ParameterizedTest
  @EnumSource
  void aRepeatedKeyIsADuplicate(Over over) {
    String publish =
        "{'type':'publish','id':3,'channel':'room:%s','data':1,'key':'k'}".formatted(room());
    Peer peer = connected(over);
    assertFalse(peer.ask(publish).containsKey("duplicate"));
    assertTrue(peer.ask(publish).getBoolean("duplicate"));
  }

  @ParameterizedTest
  @EnumSource
  void cutsInTheMiddleOfAStreamLoseAndDoubleNothing(Over over) {
    String channel = "room:" + room();
    Peer peer = connected(over);
    subscribe(peer, channel);
    int count = 300;
    Future<Integer> publishing = start(() -> publishAll(channel, count));
    List<Integer> heard = new ArrayList<>();
    for (int part = 1; part <= 6; part++) {
      while (heard.size() < part * count / 6) {
        heard.add(publication(peer).getJsonObject("data").getInt("n"));
      }
      if (part < 6) {
        peer.cut();
        peer.resume();
      }
    }
    assertEquals(count, result(publishing, 30));
    assertEquals(IntStream.rangeClosed(1, count).boxed().toList(), heard);
    api().published("{\"channel\":\"%s\",\"data\":{\"n\":-1}}".formatted(channel));
    assertEquals(-1, publication(peer).getJsonObject("data").getInt("n"), "nothing came twice");
  }

  private int publishAll(String channel, int count) {
    for (int i = 1; i <= count; i++) {
      api().published("{\"channel\":\"%s\",\"data\":{\"n\":%d}}".formatted(channel, i));
    }
    return count;
  }

  @ParameterizedTest
  @EnumSource
  void bytesArriveAsTheyWere(Over over) {
    String channel = "room:" + room();
    Peer peer = connected(over);
    subscribe(peer, channel);
    byte[] all = new byte[256];
    IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
    String base64 = Base64.getEncoder().encodeToString(all);
    JsonObject published =
        peer.ask(
            "{'type':'publish','id':3,'channel':'%s','data':'%s','encoding':'base64'}"
                .formatted(channel, base64));
    assertEquals("published", published.getString("type"), published::toString);
    JsonObject heard = publication(peer);
    assertEquals(base64, heard.getString("data"), heard::toString);
    assertEquals("base64", heard.getString("encoding"), heard::toString);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNeverStoredArrivesWithoutAnOffset(Over over) {
    String channel = "room:" + room();
    Peer peer = connected(over);
    subscribe(peer, channel);
    peer.ask(
        "{'type':'publish','id':3,'channel':'%s','data':'typing','ephemeral':true}"
            .formatted(channel));
    JsonObject heard = publication(peer);
    assertFalse(heard.containsKey("offset"), heard::toString);
    assertEquals("typing", heard.getString("data"));
  }

  @ParameterizedTest
  @EnumSource
  void presenceAndReadMarkersAreTold(Over over) {
    String channel = "room:" + room();
    Peer ann = connectedAs(over, user());
    subscribe(ann, channel);
    String bob = user();
    Peer other = connectedAs(Over.WEBSOCKET, bob);
    subscribe(other, channel);
    JsonObject joined = ann.next();
    while (!joined.getString("user").equals(bob)) { // its own arrival may come first
      joined = ann.next();
    }
    assertEquals("joined", joined.getString("type"), joined::toString);
    JsonObject presence = ann.ask("{'type':'presence','id':3,'channel':'%s'}".formatted(channel));
    assertEquals(2, presence.getJsonArray("members").size(), presence::toString);
    api().published("{\"channel\":\"%s\",\"data\":1}".formatted(channel));
    ann.say("{'type':'ack','channel':'%s','offset':1}".formatted(channel));
    assertEquals("pong", ann.ask("{'type':'ping','id':4}").getString("type"));
    assertEquals(
        "unsubscribed",
        ann.ask("{'type':'unsubscribe','id':5,'channel':'%s'}".formatted(channel))
            .getString("type"));
    assertTrue(
        Deadline.patient()
            .until(
                () -> {
                  JsonObject subscribed = subscribe(ann, channel);
                  ann.ask("{'type':'unsubscribe','id':6,'channel':'%s'}".formatted(channel));
                  return subscribed.getInt("read", 0) == 1;
                }));
  }

  @ParameterizedTest
  @EnumSource
  void whoIsSentAwayIsToldWhy(Over over) {
    String user = user();
    Peer peer = connectedAs(over, user);
    JsonObject subscribed = subscribe(peer, "room:" + room());
    assertEquals("subscribed", subscribed.getString("type"));
    HttpReply reply = api().post("/users/" + user + "/disconnect", "{\"reason\":\"enough\"}");
    assertEquals(200, reply.status(), reply::toString);
    JsonObject bye = peer.bye();
    assertEquals(4004, bye.getInt("code"), bye::toString);
    assertEquals("enough", bye.getString("reason"), bye::toString);
    assertFalse(bye.getBoolean("reconnect"), bye::toString);
  }

  @ParameterizedTest
  @EnumSource
  void theServerApiSaysWhatCarriesASession(Over over) {
    String user = user();
    Peer peer = connectedAs(over, user);
    String channel = "room:" + room();
    subscribe(peer, channel);
    api().published("{\"channel\":\"%s\",\"data\":1}".formatted(channel));
    publication(peer);
    JsonObject session =
        api().get("/sessions?user=" + user).json().getJsonArray("sessions").getJsonObject(0);
    assertEquals(peer.transport(), session.getString("transport"), session::toString);
    assertEquals("superchat", session.getString("subprotocol"), session::toString);
    assertEquals("127.0.0.1", session.getString("address"), session::toString);
  }

  @ParameterizedTest
  @EnumSource
  void aPublicationOfTheLongestMessageArrivesWhole(Over over) {
    String channel = "room:" + room();
    Peer peer = connected(over);
    subscribe(peer, channel);
    String text = "x".repeat(65_000);
    peer.ask("{'type':'publish','id':3,'channel':'%s','data':'%s'}".formatted(channel, text));
    assertEquals(text, publication(peer).getString("data"));
  }
}
