package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code superchat} without a WebSocket, request by request. */
class HttpSessionsIT extends WireTest {
  private static final String CONNECT = "{\"type\":\"connect\",\"id\":1}";

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  /** A session and its secret. */
  private record Session(String path, String secret, String id) {}

  private Session session() {
    HttpReply reply = send("POST", server().path("/chat/sessions"), "", CONNECT);
    assertEquals(201, reply.status(), reply::toString);
    JsonObject connected = reply.json();
    return new Session(
        reply.header("Location").orElseThrow(),
        connected.getString("token"),
        connected.getString("session"));
  }

  private HttpReply send(String method, String url, String headers, String body) {
    return socket().send(request(method, url, headers, body)).readHttp(method);
  }

  private String request(String method, String url, String headers, String body) {
    String content =
        body.isEmpty()
            ? ""
            : "Content-Type: application/json\r\nContent-Length: %d\r\n"
                .formatted(body.getBytes(StandardCharsets.UTF_8).length);
    return "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s\r\n%s"
        .formatted(method, url, server().authority(), content, headers, body);
  }

  private HttpReply send(Session session, String method, String below, String body) {
    return send(method, session.path() + below, secret(session), body);
  }

  private static String secret(Session session) {
    return "Authorization: Bearer " + session.secret() + "\r\n";
  }

  private String subscribed(Session session) {
    String channel = "room:" + room();
    HttpReply reply =
        send(
            session,
            "POST",
            "",
            "{\"type\":\"subscribe\",\"id\":2,\"channel\":\"%s\"}".formatted(channel));
    assertEquals("subscribed", reply.json().getString("type"), reply::toString);
    return channel;
  }

  private void publish(String channel, String data) {
    api().published("{\"channel\":\"%s\",\"data\":%s}".formatted(channel, data));
  }

  private static List<JsonObject> messages(HttpReply reply) {
    assertEquals(200, reply.status(), reply::toString);
    return reply.json().getJsonArray("messages").getValuesAs(JsonObject.class);
  }

  @Test
  void theFirstAnswerHasTheSecretAndNobodyMayKeepIt() {
    HttpReply reply = send("POST", server().path("/chat/sessions"), "", CONNECT);
    assertEquals(201, reply.status(), reply::toString);
    assertEquals("no-store", reply.header("Cache-Control").orElse(""));
    JsonObject connected = reply.json();
    assertEquals("connected", connected.getString("type"), reply::toString);
    assertTrue(connected.getString("token").length() >= 22, "128 bits at least");
    String path = server().path("/chat/sessions/") + connected.getString("session");
    assertEquals(path, reply.header("Location").orElse(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"ping\",\"id\":1} | 400 | bad-request",
        "{\"type\":\"connect\"} | 400 | bad-request",
        "{oops | 400 | bad-json",
        "[{\"type\":\"connect\",\"id\":1}] | 400 | bad-request",
        "{\"type\":\"connect\",\"id\":1,\"token\":\"x\"} | 401 | unauthenticated",
        "{\"type\":\"connect\",\"id\":1,\"subs\":7} | 400 | bad-request",
      })
  void aBadBeginningIsAProblemDocument(String body, int status, String code) {
    HttpReply reply = send("POST", server().path("/chat/sessions"), "", body);
    assertEquals(code, assertProblem(status, reply).getString("code"), reply::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "GET | - | 405",
        "POST | text/plain | 415",
        "POST | - | 415",
      })
  void aSessionIsAskedForByJson(String method, String type, int status) {
    String content = type == null ? "" : "Content-Type: " + type + "\r\n";
    String body = method.equals("GET") ? "" : "Content-Length: 2\r\n";
    HttpReply reply =
        socket()
            .send(
                request(method, server().path("/chat/sessions"), content + body, "")
                    + (body.isEmpty() ? "" : "{}"))
            .readHttp(method);
    assertProblem(status, reply);
  }

  @Test
  void theGateIsTheSameAsForAWebSocket() {
    String path = server().path("/chat/sessions");
    assertProblem(403, send("POST", path, "Origin: http://elsewhere.example\r\n", CONNECT));
    HttpReply unknown = send("POST", path, "Authorization: Bearer x\r\n", CONNECT);
    assertProblem(401, unknown);
    assertEquals("Bearer error=\"invalid_token\"", unknown.header("WWW-Authenticate").orElse(""));
    assertProblem(401, send("POST", path + "?ticket=x", "", CONNECT));
    String ticket = api().ticket("ann", "Ann");
    HttpReply ann = send("POST", path + "?ticket=" + ticket, "", CONNECT);
    assertEquals("ann", ann.json().getString("user"), ann::toString);
    assertProblem(401, send("POST", path + "?ticket=" + ticket, "", CONNECT));
  }

  @Test
  void everyRequestShowsTheSecret() {
    Session session = session();
    for (String url :
        List.of("/messages?wait=0", "/events", "/messages?wait=0&session_token=wrong")) {
      HttpReply reply = send("GET", session.path() + url, "", "");
      assertProblem(401, reply);
      assertEquals("Bearer", reply.header("WWW-Authenticate").orElse(""));
    }
    assertProblem(401, send("POST", session.path(), "Authorization: Basic x\r\n", CONNECT));
    assertProblem(401, send("DELETE", session.path(), "", ""));
    String query = "/messages?wait=0&session_token=" + session.secret();
    assertEquals(200, send("GET", session.path() + query, "", "").status());
  }

  @Test
  void whatIsNotThereIsGone() {
    Session session = session();
    assertEquals(204, send(session, "DELETE", "", "").status());
    assertProblem(410, send(session, "DELETE", "", ""));
    assertProblem(410, send(session, "POST", "", "{\"type\":\"ping\",\"id\":2}"));
    assertProblem(410, send(session, "GET", "/messages?wait=0", ""));
    assertProblem(410, send(session, "GET", "/events", ""));
    assertProblem(404, send(session(), "GET", "/elsewhere", ""));
    assertEquals(404, api().get("/sessions/" + session.id()).status());
  }

  @ParameterizedTest
  @CsvSource({
    "after=x, after",
    "after=-1, after",
    "after=99, after",
    "after=1&after=2, after",
    "wait=31, wait",
    "wait=soon, wait",
    "after=99999999999999999999, after",
  })
  void aBadNumberIsNamed(String query, String named) {
    HttpReply reply = send(session(), "GET", "/messages?" + query, "");
    JsonObject problem = assertProblem(400, reply);
    assertTrue(problem.getString("detail").startsWith(named + ":"), problem::toString);
  }

  @Test
  void aBadLastEventIdIsNamed() {
    Session session = session();
    HttpReply reply =
        send("GET", session.path() + "/events", secret(session) + "Last-Event-ID: x\r\n", "");
    String detail = assertProblem(400, reply).getString("detail");
    assertTrue(detail.startsWith("Last-Event-ID:"), detail);
  }

  @Test
  void aBodyThatIsTooLongIsRefusedAndTheSessionGoesOn() {
    Session session = session();
    String longOne = "{\"type\":\"ping\",\"id\":1,\"x\":\"" + "x".repeat(65_536) + "\"}";
    HttpReply announced = send(session, "POST", "", longOne);
    assertEquals("too-large", assertProblem(413, announced).getString("code"));
    StringBuilder chunked = new StringBuilder("POST " + session.path() + " HTTP/1.1\r\nHost: ");
    chunked.append(server().authority()).append("\r\n").append(secret(session));
    chunked.append("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 9; i++) {
      chunked.append("2000\r\n").append(" ".repeat(8192)).append("\r\n");
    }
    HttpReply unannounced = socket().send(chunked.toString()).readHttp("POST");
    assertEquals("too-large", assertProblem(413, unannounced).getString("code"));
    assertEquals(
        "pong", send(session, "POST", "", "{\"type\":\"ping\",\"id\":2}").json().getString("type"));
  }

  @Test
  void aBodyMayComeByteByByte() {
    Session session = session();
    RawSocket socket = socket();
    for (byte one :
        request("POST", session.path(), secret(session), "{\"type\":\"ping\",\"id\":2}")
            .getBytes(StandardCharsets.UTF_8)) {
      socket.send(new byte[] {one});
    }
    assertEquals("pong", socket.readHttp("POST").json().getString("type"));
  }

  @Test
  void answersStandInTheOrderOfTheCommands() {
    HttpReply reply =
        send(
            session(),
            "POST",
            "",
            "[{\"type\":\"ping\",\"id\":5},{\"type\":\"pong\"},{\"type\":\"dance\",\"id\":6}]");
    assertTrue(
        reply.body().startsWith("[{\"type\":\"pong\",\"re\":5},{\"type\":\"error\",\"re\":6,"),
        reply::toString);
    HttpReply none = send(session(), "POST", "", "{\"type\":\"pong\"}");
    assertEquals(204, none.status(), none::toString);
  }

  @Test
  void aNumberedRequestIsCarriedOutOnce() {
    Session session = session();
    String channel = subscribed(session);
    String publish =
        "{\"type\":\"publish\",\"id\":3,\"channel\":\"%s\",\"data\":1}".formatted(channel);
    HttpReply first = send(session, "POST", "?n=1", publish);
    HttpReply again = send(session, "POST", "?n=1", publish);
    assertEquals(first.body(), again.body());
    assertEquals(1, messages(send(session, "GET", "/messages?wait=5&after=0", "")).size());
    assertEquals(
        2, send(session, "POST", "?n=2", publish).json().getInt("offset"), "another number");
    assertProblem(400, send(session, "POST", "?n=0", publish));
  }

  @Test
  void aLostAnswerLosesNothingAndWhatIsAcknowledgedIsForgotten() {
    Session session = session();
    String channel = subscribed(session);
    publish(channel, "1");
    publish(channel, "2");
    // What is published is told a little later.
    assertTrue(
        Deadline.patient()
            .until(
                () -> messages(send(session, "GET", "/messages?wait=1&after=0", "")).size() == 2));
    for (int i = 0; i < 3; i++) { // as if each answer but the last were lost
      assertEquals(2, messages(send(session, "GET", "/messages?wait=5&after=0", "")).size());
    }
    assertEquals(1, messages(send(session, "GET", "/messages?wait=0&after=1", "")).size());
    HttpReply late = send(session, "GET", "/messages?wait=0&after=0", "");
    assertEquals(1, messages(late).size(), "it said that it has the first");
    HttpReply acknowledged = send(session, "POST", "?after=2", "{\"type\":\"ping\",\"id\":9}");
    assertEquals(200, acknowledged.status(), acknowledged::toString);
    HttpReply nothing = send(session, "GET", "/messages?wait=0&after=1", "");
    assertEquals(0, messages(nothing).size(), nothing::toString);
    assertEquals(2, nothing.json().getInt("next"));
  }

  @Test
  void aPollWaitsForSomethingOrForItsTime() {
    Session session = session();
    String channel = subscribed(session);
    RawSocket waiting = socket();
    waiting.send(request("GET", session.path() + "/messages?after=0&wait=20", secret(session), ""));
    Future<HttpReply> answer = start(() -> waiting.readHttp("GET"));
    publish(channel, "\"woken\"");
    assertEquals("woken", messages(result(answer, 10)).get(0).getString("data"));
    HttpReply empty = send(session, "GET", "/messages?after=1&wait=1", "");
    assertEquals("{\"next\":1,\"messages\":[]}", empty.body());
  }

  @Test
  void theNewerOfTwoThatListenWins() {
    Session session = session();
    String channel = subscribed(session);
    RawSocket older = socket();
    older.send(request("GET", session.path() + "/messages?after=0&wait=20", secret(session), ""));
    assertTrue(isListeningBy(session, "longpoll"));
    RawSocket stream = socket();
    stream.send(request("GET", session.path() + "/events", secret(session), ""));
    assertProblem(409, older.readHttp("GET"));
    assertEquals(200, stream.readHead(Deadline.patient()).status());
    publish(channel, "1");
    StringBuilder events = new StringBuilder();
    while (events.indexOf("id: 1\n") < 0) {
      events.append(new String(stream.readChunk(Deadline.patient()), StandardCharsets.UTF_8));
    }
    assertTrue(events.toString().startsWith(": switchboard\n"), events::toString);
    assertEquals(1, messages(send(session, "GET", "/messages?wait=0&after=0", "")).size());
    StringBuilder rest = new StringBuilder();
    for (byte[] chunk = stream.readChunk(Deadline.patient());
        chunk.length > 0;
        chunk = stream.readChunk(Deadline.patient())) {
      rest.append(new String(chunk, StandardCharsets.UTF_8));
    }
    assertEquals(
        "event: replaced\ndata: {}\n\n",
        (events + rest.toString())
            .substring((events + rest.toString()).indexOf("event: replaced")));
  }

  private boolean isListeningBy(Session session, String transport) {
    return Deadline.patient()
        .until(
            () ->
                api()
                    .get("/sessions/" + session.id())
                    .json()
                    .getString("transport")
                    .equals(transport));
  }

  @Test
  void aStreamGoesOnWhereItWasCut() {
    Session session = session();
    String channel = subscribed(session);
    publish(channel, "1");
    publish(channel, "2");
    assertEquals(List.of(1L, 2L), ids(session, 0, 2));
    publish(channel, "3");
    assertEquals(List.of(2L, 3L), ids(session, 1, 2), "2 was on its way when the stream was cut");
  }

  /** The ids of the first events of a stream that is then cut. */
  private List<Long> ids(Session session, long lastEventId, int count) {
    RawSocket stream = socket();
    stream.send(
        request(
            "GET",
            session.path() + "/events",
            secret(session) + "Last-Event-ID: " + lastEventId + "\r\n",
            ""));
    HttpReply head = stream.readHead(Deadline.patient());
    assertTrue(
        head.header("Content-Type").orElse("").startsWith("text/event-stream"), head::toString);
    assertEquals("no-store", head.header("Cache-Control").orElse(""));
    List<Long> ids = new ArrayList<>();
    StringBuilder events = new StringBuilder();
    while (ids.size() < count) {
      events.append(new String(stream.readChunk(Deadline.patient()), StandardCharsets.UTF_8));
      ids.clear();
      events
          .toString()
          .lines()
          .filter(line -> line.startsWith("id: "))
          .forEach(line -> ids.add(Long.parseLong(line.substring(4))));
    }
    stream.reset();
    return ids;
  }

  @Test
  void whatAStreamSentLongAgoIsLostAndSaidToBe() {
    Session session = session();
    String channel = subscribed(session);
    RawSocket stream = socket();
    stream.send(request("GET", session.path() + "/events", secret(session), ""));
    stream.readHead(Deadline.patient());
    String data = "\"" + "x".repeat(20_000) + "\"";
    for (int i = 0; i < 10; i++) {
      publish(channel, data);
    }
    StringBuilder events = new StringBuilder();
    while (events.indexOf("id: 10\n") < 0) {
      events.append(new String(stream.readChunk(Deadline.patient()), StandardCharsets.UTF_8));
    }
    stream.reset();
    HttpReply reply =
        send("GET", session.path() + "/events", secret(session) + "Last-Event-ID: 2\r\n", "");
    assertProblem(410, reply);
    assertProblem(410, send(session, "POST", "", "{\"type\":\"ping\",\"id\":2}"));
  }

  @Test
  void pagesOfAllowedOriginsMayAskBeforehand() {
    HttpReply reply =
        send(
            "OPTIONS",
            server().path("/chat/sessions"),
            "Origin: " + server().origin() + "\r\nAccess-Control-Request-Method: POST\r\n",
            "");
    assertEquals(204, reply.status(), reply::toString);
    assertEquals(server().origin(), reply.header("Access-Control-Allow-Origin").orElse(""));
    assertTrue(reply.hasToken("Access-Control-Allow-Methods", "DELETE"), reply::toString);
    assertTrue(reply.hasToken("Access-Control-Allow-Headers", "Authorization"), reply::toString);
    assertFalse(reply.header("Access-Control-Allow-Credentials").isPresent(), "no cookies");
    HttpReply foreign =
        send("OPTIONS", server().path("/chat/sessions"), "Origin: http://a.example\r\n", "");
    assertProblem(403, foreign);
    assertTrue(foreign.header("Access-Control-Allow-Origin").isEmpty(), foreign::toString);
  }

  @Test
  void notOneByteFollowsAnAnswer() {
    Session session = session();
    RawSocket socket = socket();
    socket.send(
        request(
            "POST",
            session.path(),
            secret(session) + "Connection: close\r\n",
            "{\"type\":\"ping\",\"id\":2}"));
    assertEquals("pong", socket.readHttp("POST").json().getString("type"));
    assertArrayEquals(new byte[0], socket.readToEnd(Deadline.patient()));
  }
}
