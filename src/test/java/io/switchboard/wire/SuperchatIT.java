package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The {@code superchat} subprotocol: a channel is a log. */
class SuperchatIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private RawWebSocket connected() {
    RawWebSocket socket = websocket(handshake().offering("superchat"));
    socket.send(Frame.text("{\"type\":\"connect\",\"id\":1,\"name\":\"Ann\"}"));
    JsonObject connected = socket.nextJson();
    assertEquals("connected", connected.getString("type"), connected::toString);
    assertEquals(1, connected.getInt("re"));
    return socket;
  }

  private static JsonObject ask(RawWebSocket socket, String command) {
    socket.send(Frame.text(command.replace('\'', '"')));
    return socket.nextJson();
  }

  @Test
  void aChannelIsALog() {
    String channel = "room:" + room();
    RawWebSocket ann = connected();
    JsonObject subscribed =
        ask(ann, "{'type':'subscribe','id':2,'channel':'%s'}".formatted(channel));
    assertEquals("subscribed", subscribed.getString("type"), subscribed::toString);
    assertEquals(0, subscribed.getInt("offset"));
    RawWebSocket bob = connected();
    for (int offset = 1; offset <= 3; offset++) {
      JsonObject published =
          ask(
              bob,
              "{'type':'publish','id':%d,'channel':'%s','data':{'n':%d},'key':'k%d'}"
                  .formatted(offset + 1, channel, offset, offset));
      assertEquals(offset, published.getInt("offset"), published::toString);
      JsonObject publication = ann.nextJson();
      assertEquals("publication", publication.getString("type"), publication::toString);
      assertEquals(offset, publication.getInt("offset"));
      assertEquals(offset, publication.getJsonObject("data").getInt("n"));
      assertEquals("k" + offset, publication.getString("key"));
    }
    JsonObject repeated =
        ask(
            bob,
            "{'type':'publish','id':9,'channel':'%s','data':{'n':9},'key':'k2'}"
                .formatted(channel));
    assertTrue(repeated.getBoolean("duplicate"), repeated::toString);
    assertEquals(2, repeated.getInt("offset"));
    String epoch = subscribed.getString("epoch");
    RawWebSocket back = websocket(handshake().offering("superchat"));
    JsonObject connected =
        ask(
            back,
            "{'type':'connect','id':1,'subs':{'%s':{'epoch':'%s','offset':1}}}"
                .formatted(channel, epoch));
    JsonObject recovered = connected.getJsonObject("subs").getJsonObject(channel);
    assertTrue(recovered.getBoolean("recovered"), connected::toString);
    assertEquals(2, recovered.getJsonArray("publications").size(), connected::toString);
    JsonObject history =
        ask(
            back,
            "{'type':'history','id':2,'channel':'%s','reverse':true,'limit':1}".formatted(channel));
    assertEquals(3, history.getJsonArray("publications").getJsonObject(0).getInt("offset"));
    JsonObject gone = ask(back, "{'type':'unsubscribe','id':3,'channel':'%s'}".formatted(channel));
    assertEquals("unsubscribed", gone.getString("type"), gone::toString);
  }

  @Test
  void whoDoesNotConnectInTimeIsClosed() {
    RawWebSocket socket = websocket(handshake().offering("superchat"));
    JsonObject bye = socket.nextJson();
    assertEquals("bye", bye.getString("type"), bye::toString);
    assertEquals(4002, bye.getInt("code"), bye::toString);
  }

  @Test
  void beforeConnectNothingElseIsServed() {
    RawWebSocket socket = websocket(handshake().offering("superchat"));
    JsonObject error = ask(socket, "{'type':'subscribe','id':2,'channel':'room:a'}");
    assertEquals("unauthenticated", error.getString("code"), error::toString);
    assertEquals(2, error.getInt("re"));
  }

  @Test
  void aBatchIsAnsweredOneByOneAndMistakesAreNamed() {
    RawWebSocket socket = connected();
    socket.send(
        Frame.text(
            "[{\"type\":\"ping\",\"id\":1},{\"type\":\"dance\",\"id\":2},"
                + "{\"type\":\"subscribe\",\"id\":3,\"channel\":\"lobby\"}]"));
    JsonObject pong = socket.nextJson();
    assertEquals("pong", pong.getString("type"), pong::toString);
    assertEquals(1, pong.getInt("re"), pong::toString);
    String[] codes = {"unknown-type", "bad-request"};
    for (int id = 2; id <= 3; id++) {
      JsonObject error = socket.nextJson();
      assertEquals(codes[id - 2], error.getString("code"), error::toString);
      assertEquals(id, error.getInt("re"), error::toString);
    }
  }

  @Test
  void nothingIsSentBeforeTheFirstCommand() {
    RawWebSocket socket = websocket(handshake().offering("superchat, chat"));
    socket.send(Frame.ping("barrier"));
    assertEquals(Frame.PONG, socket.readFrame().opcode());
  }

  @Test
  void whatIsNotJsonIsAnErrorAndNotAClose() {
    RawWebSocket socket = connected();
    socket.send(Frame.text("{"));
    JsonObject error = socket.nextJson();
    assertEquals("bad-json", error.getString("code"), error::toString);
    socket.send(Frame.text("{\"type\":\"ping\",\"id\":1}"));
    assertEquals(1, socket.nextJson().getInt("re"));
  }
}
