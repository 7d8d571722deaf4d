package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody who looks after a node finds out about it: who is connected, and how they fare. */
class OperatorIT extends WireTest {
  private static final int MESSAGES = 200;
  private static final String PAD = "x".repeat(16 * 1024);

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private SuperchatClient superchat(Handshake request) {
    RawSocket socket = closedAfterwards(RawSocket.connect(server(), RawSocket.Options.DEFAULT));
    return new SuperchatClient(
        closedAfterwards(RawWebSocket.open(socket, request.offering("superchat"))));
  }

  private List<JsonObject> sessions(String query) {
    return api()
        .get("/sessions?" + query)
        .json()
        .getJsonArray("sessions")
        .getValuesAs(JsonObject.class);
  }

  /** One who reads nothing, on a channel with more news than its socket and window hold. */
  private String slowReader(String channel, Api api) {
    RawSocket socket =
        closedAfterwards(RawSocket.connect(server(), RawSocket.Options.smallWindow()));
    RawWebSocket reader =
        closedAfterwards(RawWebSocket.open(socket, handshake().offering("superchat")));
    reader.send(
        Frame.text(
            "{\"type\":\"connect\",\"id\":1,\"name\":\"Slow\",\"subs\":{\"%s\":null}}"
                .formatted(channel)));
    String session = reader.nextJson().getString("session");
    for (int n = 1; n <= MESSAGES; n++) {
      api.published(
          "{\"channel\":\"%s\",\"data\":{\"n\":%d,\"pad\":\"%s\"}}".formatted(channel, n, PAD));
    }
    return session;
  }

  @Test
  void theSlowReaderIsFirstByQueueAndItsStoryTellsWhereItIs() {
    String channel = "room:" + room();
    String session = slowReader(channel, api());
    List<JsonObject> byQueue = sessions("sort=queue&limit=1");
    assertEquals(session, byQueue.get(0).getString("session"));
    assertTrue(byQueue.get(0).getInt("queuedBytes") > 100_000, byQueue::toString);

    JsonObject story = api().get("/sessions/" + session).json();
    JsonObject queue = story.getJsonObject("queue");
    assertTrue(queue.getInt("frames") > 0, story::toString);
    assertTrue(queue.getInt("underWay") > 0, story::toString);
    JsonObject subscription = story.getJsonArray("subscriptions").getJsonObject(0);
    assertEquals(channel, subscription.getString("channel"));
    assertTrue(subscription.getBoolean("behind"), story::toString);
    assertTrue(subscription.getInt("offset") < MESSAGES, story::toString);
    JsonObject handshake = story.getJsonObject("handshake");
    assertTrue(handshake.getString("line").contains("/chat"), story::toString);
    assertEquals(
        "superchat",
        handshake.getJsonObject("responseHeaders").getString("Sec-WebSocket-Protocol"));
  }

  @Test
  void theLastErrorsOfASessionAreKept() {
    SuperchatClient client = superchat(handshake());
    String session =
        client.ask("{\"type\":\"connect\",\"id\":1}", "connected").getString("session");
    for (int i = 0; i < 12; i++) {
      client.send("{\"type\":\"history\",\"id\":%d,\"channel\":\"user:%d\"}".formatted(i + 10, i));
      client.error("forbidden", i + 10);
    }
    JsonObject story = api().get("/sessions/" + session).json();
    assertEquals(10, story.getJsonArray("errors").size());
    assertEquals("forbidden", story.getJsonArray("errors").getJsonObject(0).getString("code"));
    assertEquals(0, story.getJsonObject("queue").getInt("heldUp"));
  }

  @Test
  void isSearchedByWhatItShowsAndCounted() {
    String user = user();
    chatAs(user, "Ann");
    chatAs(user, "Ann");
    JsonObject page = api().get("/sessions?limit=1&search=" + user.toUpperCase(Locale.ROOT)).json();
    assertEquals(1, page.getJsonArray("sessions").size());
    assertEquals(2, page.getInt("matching"));
    assertTrue(page.getBoolean("truncated"));
    assertEquals(2, sessions("search=" + user + "&transport=websocket").size());
    assertEquals(0, sessions("search=" + user + "&transport=sse").size());
    List<JsonObject> newest = sessions("sort=since&search=" + user);
    assertTrue(
        newest.get(0).getString("since").compareTo(newest.get(1).getString("since")) >= 0,
        newest::toString);
  }

  @ParameterizedTest
  @CsvSource({"sort=name, sort: expected id", "sort=queue&after=1, after: goes with sort=id only"})
  void aListThatCannotBeIsRefused(String query, String said) {
    JsonObject problem = assertProblem(400, api().get("/sessions?" + query));
    assertTrue(problem.getString("detail").startsWith(said), problem::toString);
  }

  @Test
  void theNodeTellsHowItIs() {
    superchat(handshake()).ask("{\"type\":\"connect\",\"id\":1}", "connected");
    JsonObject before = api().get("/node").json();
    api().published("{\"channel\":\"room:%s\",\"data\":1}".formatted(room()));
    JsonObject node = api().get("/node").json();
    assertFalse(node.getBoolean("draining"));
    assertTrue(node.getBoolean("engine"));
    assertTrue(node.getInt("connections") >= 1, node::toString);
    assertTrue(node.getJsonObject("sessions").getInt("websocket") >= 1, node::toString);
    assertTrue(node.getInt("published") > before.getInt("published"), node::toString);
  }

  @Test
  void nobodyElsePublishesReports() {
    assertProblem(403, api().publish("{\"channel\":\"admin:node\",\"data\":{\"draining\":true}}"));
  }

  @Test
  void reportsComeEachSecondToWhomThatIsGranted() {
    SuperchatClient guest = superchat(handshake());
    guest.ask("{\"type\":\"connect\",\"id\":1}", "connected");
    guest.send("{\"type\":\"subscribe\",\"id\":2,\"channel\":\"admin:node\"}");
    guest.error("forbidden", 2);

    JsonObject ticket =
        api()
            .post("/tickets", "{\"user\":\"ann\",\"channels\":{\"subscribe\":[\"admin:node\"]}}")
            .json();
    SuperchatClient admin = superchat(handshake().query("ticket=" + ticket.getString("ticket")));
    admin.ask("{\"type\":\"connect\",\"id\":1}", "connected");
    admin.ask("{\"type\":\"subscribe\",\"id\":2,\"channel\":\"admin:node\"}", "subscribed");
    JsonObject report = admin.next("publication").json().getJsonObject("data");
    assertTrue(report.getInt("connections") >= 2, report::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          5                           | channels: expected an object
          {"subscribe":"room:a"}      | channels.subscribe: expected an array of channels
          {"subscribe":[5]}           | channels.subscribe: expected strings, got 5
          {"subscribe":["*"]}         | channels: subscribe: expected a channel such as room:lobby
          {"listen":["room:a"]}       | channels: expected subscribe, publish, history or presence, got listen
          """)
  void aTicketWhoseChannelsAreWrongIsRefused(String channels, String said) {
    JsonObject problem =
        assertProblem(
            400, api().post("/tickets", "{\"user\":\"ann\",\"channels\":" + channels + "}"));
    assertTrue(problem.getString("detail").startsWith(said), problem::toString);
  }
}
