package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server API does to clients that are there, and what it tells of them. */
class ServerApiIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private static JsonArray array(HttpReply reply) {
    try (var reader = Json.createReader(new StringReader(reply.body()))) {
      return reader.readArray();
    }
  }

  /** The path of a channel such that every container takes it: no colon and no encoded slash. */
  private static String path(String channel) {
    String encoded = URLEncoder.encode(channel.replaceFirst(":", "/"), StandardCharsets.UTF_8);
    return "/channels/" + encoded.replace("+", "%20").replace("%2F", "/");
  }

  @Test
  void severalPublicationsKeepTheirOrderAndEachHasItsResult() {
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    String one = "{\"channel\":\"room:%s\",\"data\":{\"text\":\"%d\"}}";
    StringBuilder body = new StringBuilder("[{\"channel\":\"room:x\"}");
    for (int i = 1; i <= 50; i++) {
      body.append(',').append(one.formatted(room, i));
    }
    HttpReply reply = api().publish(body.append(",null]").toString());
    assertEquals(207, reply.status(), reply::toString);
    JsonArray results = array(reply);
    assertEquals(52, results.size());
    assertTrue(results.getJsonObject(0).getString("detail").startsWith("data:"));
    assertEquals(400, results.getJsonObject(51).getInt("status"));
    for (int i = 1; i <= 50; i++) {
      assertEquals(i, results.getJsonObject(i).getInt("offset"));
      assertEquals(Integer.toString(i), ann.next("said").getString("text"));
    }
    ann.assertNothingMore();
  }

  @Test
  void onSeveralChannelsEachHears() {
    String room = room();
    String other = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    ChatClient ben = chat();
    ben.join(other, "Ben");
    HttpReply reply =
        api()
            .publish(
                "{\"channels\":[\"room:%s\",\"room:%s\",\"nowhere:x\"],\"data\":{\"text\":\"hi\"}}"
                    .formatted(room, other));
    assertEquals(207, reply.status(), reply::toString);
    assertEquals("room:" + room, array(reply).getJsonObject(0).getString("channel"));
    assertEquals(404, array(reply).getJsonObject(2).getInt("status"));
    ann.next("said");
    ben.next("said");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"channels":[],"data":1}                          | 400 | channels
          {"channels":"room:a","data":1}                    | 400 | channels
          {"channels":["room:a"],"channel":"a","data":1}    | 400 | channels
          {"channels":["room:a"]}                           | 400 | data
          {"channel":"room:a","data":1,"key":""}            | 400 | key
          {"channel":"room:a","data":1,"key":5}             | 400 | key
          []                                                | 400 | array
          """)
  void aMistakeOfTheWholeIsNamed(String body, int status, String field) {
    JsonObject problem = assertProblem(status, api().publish(body));
    assertTrue(problem.getString("detail").contains(field), problem::toString);
  }

  @Test
  void tooManyAreRefusedAsAWhole() {
    String channel = "room:" + room();
    String one = "{\"channel\":\"" + channel + "\",\"data\":1}";
    assertProblem(413, api().publish("[" + (one + ",").repeat(1_000) + one + "]"));
    String names = "\"" + channel + "\",";
    assertProblem(
        413, api().publish("{\"channels\":[" + names.repeat(100) + "\"room:a\"],\"data\":1}"));
    assertEquals(0, api().get(path(channel)).json().getInt("offset"));
  }

  @Test
  void aKeyMakesAPublicationIdempotent() {
    String body = "{\"channel\":\"room:" + room() + "\",\"data\":1,\"key\":\"k\"}";
    JsonObject first = api().published(body);
    JsonObject again = api().published(body);
    assertFalse(first.containsKey("duplicate"));
    assertTrue(again.getBoolean("duplicate"));
    assertEquals(first.getInt("offset"), again.getInt("offset"));
  }

  @Test
  void aPushReachesEverySessionOfItsUser() {
    String user = user();
    ChatClient phone = chatAs(user, "Ann");
    ChatClient laptop = chatAs(user, "Ann");
    ChatClient other = chatAs(user(), "Ben");
    api().posted("/users/" + user + "/push", "{\"data\":{\"invoice\":17}}");
    for (ChatClient client : new ChatClient[] {phone, laptop}) {
      assertEquals(17, client.next("push").getJsonObject("data").getInt("invoice"));
    }
    other.assertNothingMore();
  }

  @Test
  void aUserIsDisconnectedEverywhere() {
    String user = user();
    ChatClient phone = chatAs(user, "Ann");
    ChatClient laptop = chatAs(user, "Ann");
    ChatClient other = chatAs(user(), "Ben");
    JsonObject outcome =
        api().posted("/users/" + user + "/disconnect", "{\"reason\":\"moved\",\"code\":4008}");
    assertEquals(2, outcome.getInt("sessions"));
    for (ChatClient client : new ChatClient[] {phone, laptop}) {
      JsonObject bye = client.next("bye");
      assertEquals("moved", bye.getString("reason"));
      assertFalse(bye.getBoolean("reconnect"));
      assertEquals(4008, client.awaitClose(Duration.ofSeconds(10)).code());
    }
    other.assertNothingMore();
  }

  @Test
  void aSessionIsSeenAndDisconnected() {
    String user = user();
    String room = room();
    ChatClient ann = chatAs(user, "Ann");
    ann.join(room, "Ann");
    JsonObject session = api().get("/sessions/" + ann.session()).json();
    assertEquals(user, session.getString("user"));
    assertEquals("Ann", session.getString("name"));
    assertEquals("websocket", session.getString("transport"));
    assertEquals("chat", session.getString("subprotocol"));
    assertFalse(session.getBoolean("guest"));
    assertEquals(1, session.getInt("messagesIn"));
    assertTrue(session.getInt("messagesOut") >= 2, session::toString);
    assertEquals("room:" + room, session.getJsonArray("channels").getString(0));
    assertEquals("user:" + user, session.getJsonArray("channels").getString(1));
    JsonObject list = api().get("/sessions?user=" + user).json();
    assertEquals(1, list.getJsonArray("sessions").size(), list::toString);
    HttpReply reply =
        api().call(api().calling("POST", "/sessions/" + ann.session() + "/disconnect"));
    assertEquals(200, reply.status(), reply::toString);
    assertEquals(4004, ann.awaitClose(Duration.ofSeconds(10)).code());
    assertProblem(404, api().post("/sessions/" + ann.session() + "/disconnect", "{}"));
    assertProblem(404, api().get("/sessions/" + ann.session()));
  }

  @Test
  void aUserIsSubscribedAndUnsubscribed() {
    String user = user();
    String channel = "push:" + room();
    RawWebSocket ann = superchatAs(user);
    ann.send(Frame.text("{\"type\":\"connect\",\"id\":1}"));
    assertEquals("connected", ann.nextJson().getString("type"));
    String body = "{\"channel\":\"" + channel + "\"}";
    assertEquals(1, api().posted("/users/" + user + "/subscribe", body).getInt("sessions"));
    JsonObject subscribed = ann.nextJson();
    assertEquals("subscribed", subscribed.getString("type"), subscribed::toString);
    assertFalse(subscribed.containsKey("re"), subscribed::toString);
    api().published("{\"channel\":\"" + channel + "\",\"data\":1}");
    assertEquals("publication", ann.nextJson().getString("type"));
    JsonObject one = api().get(path(channel)).json();
    assertEquals(1, one.getInt("subscribers"), one::toString);
    assertEquals(1, api().posted("/users/" + user + "/unsubscribe", body).getInt("sessions"));
    JsonObject unsubscribed = ann.nextJson();
    assertEquals("unsubscribed", unsubscribed.getString("type"), unsubscribed::toString);
    assertFalse(unsubscribed.getBoolean("resubscribe"), unsubscribed::toString);
    assertEquals(0, api().get(path(channel)).json().getInt("subscribers"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "é ü", "100%", "a+b", "a;b=c", "a?b#c", "😀", "a/history"})
  void namesMayHoldAnything(String name) {
    String room = room() + name;
    api().published(ChatClient.message("channel", "room:" + room, "data", 1).toString());
    JsonObject history = api().get(path("room:" + room) + "/history").json();
    assertEquals("room:" + room, history.getString("channel"));
    assertEquals(1, history.getJsonArray("publications").size(), history::toString);
  }

  @Test
  void anyNameCanBeWrapped() {
    String channel = "room:" + room() + "/a:b%c";
    api().published(ChatClient.message("channel", channel, "data", 1).toString());
    String wrapped =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(channel.getBytes(StandardCharsets.UTF_8));
    JsonObject one = api().get("/channels/~" + wrapped).json();
    assertEquals(channel, one.getString("channel"));
    assertEquals(1, one.getInt("offset"));
  }

  @Test
  void historyIsReadPieceByPieceAndForgotten() {
    String channel = "room:" + room();
    for (int i = 1; i <= 5; i++) {
      api().published("{\"channel\":\"" + channel + "\",\"data\":" + (i == 3 ? "null" : i) + "}");
    }
    String path = path(channel) + "/history";
    JsonObject piece = api().get(path + "?since=1&limit=2").json();
    assertTrue(piece.getBoolean("truncated"), piece::toString);
    assertEquals(5, piece.getInt("offset"));
    assertEquals(2, piece.getJsonArray("publications").getJsonObject(0).getInt("offset"));
    assertTrue(piece.getJsonArray("publications").getJsonObject(1).isNull("data"));
    JsonObject newest =
        api().get(path + "?reverse=true&limit=10&since=" + piece.getString("epoch") + ":5").json();
    assertEquals(4, newest.getJsonArray("publications").getJsonObject(0).getInt("offset"));
    assertFalse(newest.getBoolean("truncated"), newest::toString);
    assertProblem(409, api().get(path + "?since=another:1"));
    assertEquals(204, api().call(api().calling("DELETE", path)).status());
    JsonObject cleared = api().get(path).json();
    assertEquals(0, cleared.getJsonArray("publications").size());
    assertEquals(5, cleared.getInt("offset"));
  }

  @Test
  void channelsAndMembersAreListedPieceByPiece() {
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    ChatClient ben = chat();
    ben.join(room, "Ben");
    String channel = "room:" + room;
    JsonObject presence = api().get(path(channel) + "/presence?limit=1").json();
    assertTrue(presence.getBoolean("truncated"), presence::toString);
    JsonObject member = presence.getJsonArray("members").getJsonObject(0);
    assertEquals(ann.session(), member.getString("session"));
    assertEquals("Ann", member.getString("name"));
    String before = channel.substring(0, channel.length() - 1);
    JsonObject list = api().get("/channels?limit=1&after=" + before).json();
    JsonObject first = list.getJsonArray("channels").getJsonObject(0);
    assertEquals(channel, first.getString("channel"));
    assertEquals(2, first.getInt("subscribers"));
  }

  @ParameterizedTest
  @CsvSource({
    "/channels?limit=0, limit",
    "/channels?limit=1001, limit",
    "/channels?limit=x, limit",
    "/channels?limit=1&limit=2, limit",
    "/channels/lobby, channel",
    "/channels/room/a/history?since=x, since",
    "/channels/room/a/history?since=e:, since",
    "/channels/room/a/history?reverse=yes, reverse",
    "/sessions?limit=-1, limit",
  })
  void aMistakeInTheAddressIsNamed(String path, String field) {
    JsonObject problem = assertProblem(400, api().get(path));
    assertTrue(problem.getString("detail").startsWith(field + ":"), problem::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /users/ann/disconnect   | {"code":1000}                           | 400 | 4000 to 4099
          /users/ann/disconnect   | {"code":"4004"}                         | 400 | code
          /users/ann/disconnect   | {"reason":5}                            | 400 | reason
          /users/ann/disconnect   | []                                      | 400 | object
          /users/%20/disconnect   | {}                                      | 400 | user
          /users/ann/subscribe    | {}                                      | 400 | channel
          /users/ann/subscribe    | {"channel":"nowhere:a"}                 | 404 | namespaces
          /users/ann/unsubscribe  | {"channel":"room:a","resubscribe":1}    | 400 | resubscribe
          /users/ann/push         | {}                                      | 400 | data
          /users/%20/push         | {"data":1}                              | 400 | user
          """)
  void aMistakeInAnOrderIsNamed(String path, String body, int status, String told) {
    JsonObject problem = assertProblem(status, api().post(path, body));
    assertTrue(problem.getString("detail").contains(told), problem::toString);
  }
}
