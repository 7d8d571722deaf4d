package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's side of the lab page: its streams, and whether what it counts is so. */
class LabIT extends WireTest {
  private static final long POLLING_NANOS = 20_000_000;
  private static final String BROWSER =
      String.join(
          "\r\n",
          "Connection: keep-alive",
          "User-Agent: Mozilla/5.0 (X11; Linux x86_64)",
          "Accept: */*",
          "Accept-Encoding: gzip, deflate, br, zstd",
          "Accept-Language: en",
          "");

  private final List<String> runs = new ArrayList<>();

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  @AfterEach
  void stopRuns() {
    for (String run : runs) {
      api().call(api().request("/lab/runs/" + run).DELETE());
    }
  }

  private HttpReply get(String path) {
    return api().call(api().request("/lab" + path));
  }

  private HttpReply start(String body) {
    HttpReply reply =
        api()
            .call(
                api()
                    .request("/lab/runs")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
    if (reply.status() == 201) {
      runs.add(reply.json().getString("run"));
    }
    return reply;
  }

  private JsonObject started(String body) {
    HttpReply reply = start(body);
    assertEquals(201, reply.status(), reply::toString);
    return reply.json();
  }

  private JsonObject count(String run, String session) {
    HttpReply reply = get("/runs/" + run + "?session=" + session);
    assertEquals(200, reply.status(), reply::toString);
    return reply.json().getJsonArray("sessions").getJsonObject(0);
  }

  /** What the server has counted must come to what really went over the wire. */
  private JsonObject assertCounted(CountingWire wire, String run, String session) {
    Deadline.patient()
        .until(
            () -> {
              JsonObject count = count(run, session);
              return count.getInt("received") == wire.toServer()
                  && count.getInt("sent") == wire.fromServer();
            });
    JsonObject count = count(run, session);
    assertEquals(wire.toServer(), count.getInt("received"), "bytes to the server");
    assertEquals(wire.fromServer(), count.getInt("sent"), "bytes from the server");
    assertTrue(count.getInt("used") > 0, count::toString);
    return count;
  }

  @Test
  void theBytesOfAWebSocketAreCountedAsTheyAre() {
    JsonObject run = started("{\"rate\":20,\"size\":256}");
    String channel = run.getString("channel");
    CountingWire wire = closedAfterwards(new CountingWire(server()));
    Handshake request =
        Handshake.to(wire.target())
            .offering("superchat")
            .and("User-Agent", "Mozilla/5.0")
            .and("Accept-Encoding", "gzip")
            .and("Accept-Encoding", "br");
    SuperchatClient ann =
        new SuperchatClient(
            closedAfterwards(
                RawWebSocket.open(closedAfterwards(RawSocket.connect(wire.target())), request)));
    String session =
        ann.ask(
                "{'type':'connect','id':1,'name':'%s','subs':{'%s':null}}"
                    .formatted("a".repeat(60), channel),
                "connected")
            .getString("session");
    int before = 0; // the first is not heard where it was published while the channel was joined
    for (int heard = 1; heard <= 5; heard++) {
      JsonObject data = ann.first("publication").json().getJsonObject("data");
      assertEquals(before == 0 ? data.getInt("n") : before + 1, data.getInt("n"));
      before = data.getInt("n");
      assertEquals(256, data.toString().getBytes(StandardCharsets.UTF_8).length);
    }
    ann.ask("{'type':'unsubscribe','id':2,'channel':'%s'}".formatted(channel), "unsubscribed");
    ann.socket().send(Frame.of(Frame.PONG, new byte[0]));
    JsonObject count = assertCounted(wire, run.getString("run"), session);
    assertEquals(1, count.getInt("requests"));
  }

  @ParameterizedTest
  @CsvSource({"messages?wait=0", "messages?wait=20"})
  void theBytesOfPollsAreCountedAsTheyAre(String how) {
    JsonObject run = started("{\"rate\":10,\"size\":256}");
    CountingWire wire = closedAfterwards(new CountingWire(server()));
    RawSocket socket = closedAfterwards(RawSocket.connect(wire.target()));
    JsonObject connected = connect(wire, socket, run.getString("channel"));
    String session = connected.getString("session");
    long after = 0;
    int heard = 0;
    int requests = 1;
    while (heard < 5) {
      JsonObject answer =
          exchange(wire, socket, "GET", session + "/" + how + "&after=" + after, connected, "")
              .json();
      after = answer.getJsonNumber("next").longValue();
      heard += answer.getJsonArray("messages").size();
      requests++;
      // Tomcat closes a connection after 100 requests.
      LockSupport.parkNanos(POLLING_NANOS);
    }
    // The answer to this is nothing, and the run is quiet from then on.
    String leave =
        "{\"type\":\"unsubscribe\",\"id\":2,\"channel\":\"%s\"}"
            .formatted(run.getString("channel"));
    exchange(wire, socket, "POST", session, connected, leave);
    exchange(wire, socket, "POST", session, connected, "{\"type\":\"pong\"}");
    JsonObject count = assertCounted(wire, run.getString("run"), session);
    assertEquals(requests + 2, count.getInt("requests"));
  }

  @Test
  void theBytesOfAStreamAreCountedAsTheyAre() {
    JsonObject run = started("{\"rate\":10,\"size\":1024}");
    CountingWire wire = closedAfterwards(new CountingWire(server()));
    RawSocket asking = closedAfterwards(RawSocket.connect(wire.target()));
    RawSocket stream = closedAfterwards(RawSocket.connect(wire.target()));
    JsonObject connected = connect(wire, asking, run.getString("channel"));
    String session = connected.getString("session");
    stream.send(head(wire, "GET", session + "/events", connected) + "\r\n");
    StringBuilder read = new StringBuilder();
    Deadline deadline = Deadline.patient();
    for (int heard = 0; heard < 5; ) {
      read.append((char) stream.read(deadline));
      if (read.toString().endsWith("\"type\":\"publication\"")) {
        heard++;
        read.setLength(0);
      }
    }
    String leave =
        "{\"type\":\"unsubscribe\",\"id\":2,\"channel\":\"%s\"}"
            .formatted(run.getString("channel"));
    exchange(wire, asking, "POST", session, connected, leave);
    JsonObject count = assertCounted(wire, run.getString("run"), session);
    assertEquals(3, count.getInt("requests"));
  }

  private JsonObject connect(CountingWire wire, RawSocket socket, String channel) {
    String body = "{\"type\":\"connect\",\"id\":1,\"subs\":{\"%s\":null}}".formatted(channel);
    HttpReply reply = exchange(wire, socket, "POST", "", null, body);
    assertEquals(201, reply.status(), reply::toString);
    return reply.json();
  }

  private HttpReply exchange(
      CountingWire wire,
      RawSocket socket,
      String method,
      String below,
      @Nullable JsonObject connected,
      String body) {
    String more =
        body.isEmpty()
            ? ""
            : "Content-Type: application/json\r\nContent-Length: %d\r\n".formatted(body.length());
    socket.send(head(wire, method, below, connected) + more + "\r\n" + body);
    // What only shows life is answered by 204, which has no body and does not say so.
    return socket.readHttp(body.contains("pong") ? "HEAD" : method);
  }

  private static String head(
      CountingWire wire, String method, String below, @Nullable JsonObject connected) {
    String path = wire.target().path("/chat/sessions") + (below.isEmpty() ? "" : "/" + below);
    return "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s"
        .formatted(
            method,
            path,
            wire.target().authority(),
            BROWSER,
            connected == null
                ? ""
                : "Authorization: Bearer " + connected.getString("token") + "\r\n");
  }

  @Test
  void whatPagesMayAskForIsTold() {
    JsonObject info = get("/info").json();
    assertEquals(4, info.getInt("runs"));
    assertEquals(20, info.getInt("maxRate"));
    long before = System.currentTimeMillis();
    long at = get("/time").json().getJsonNumber("at").longValue() / 1000;
    assertTrue(at >= before - 1 && at <= System.currentTimeMillis(), () -> before + " " + at);
    HttpReply seen =
        api().call(api().request("/lab/seen").header("X-Forwarded-For", "203.0.113.7"));
    assertEquals("http", seen.json().getString("scheme"), seen::toString);
    assertEquals(server().authority(), seen.json().getString("host"));
    assertEquals(
        "203.0.113.7", seen.json().getJsonObject("forwarding").getString("X-Forwarded-For"));
    assertEquals("no-store", seen.header("Cache-Control").orElse(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rate\":0.05,\"size\":100} | rate: expected a number from 0.1 to 20",
        "{\"rate\":21,\"size\":100}   | rate: expected a number from 0.1 to 20",
        "{\"rate\":\"1\",\"size\":100} | rate: expected a number from 0.1 to 20",
        "{\"size\":100}               | rate: expected a number from 0.1 to 20",
        "{\"rate\":1}                 | size: expected a number from 64 to 4096",
        "{\"rate\":1,\"size\":5000}   | size: expected a number from 64 to 4096",
        "{\"rate\":1,\"size\":99.5}   | size: expected a whole number of bytes",
        "[1]                          | expected one JSON object",
        "{\"rate\":                   | expected one JSON object",
        "{\"rate\":1e999,\"size\":64} | rate: expected a number from 0.1 to 20",
      })
  void aWishThatIsWrongIsToldWhatIsWrong(String wish, String detail) {
    HttpReply reply = start(wish);
    assertEquals(detail, assertProblem(400, reply).getString("detail"));
  }

  @Test
  void otherMistakesHaveTheirStatus() {
    assertProblem(413, start(" ".repeat(2_000)));
    assertProblem(
        415,
        api().call(api().request("/lab/runs").POST(HttpRequest.BodyPublishers.ofString("{}"))));
    assertProblem(404, get("/runs/nothing"));
    assertProblem(404, get("/nowhere"));
    assertProblem(
        403, api().call(api().request("/lab/info").header("Origin", "http://elsewhere.example")));
    String run = started("{\"rate\":1,\"size\":64}").getString("run");
    String many = "session=x&".repeat(17).toLowerCase(Locale.ROOT);
    assertProblem(400, get("/runs/" + run + "?" + many));
  }

  @Test
  void atMostFourStreamsRunAtOnce() {
    for (int i = 0; i < 4; i++) {
      started("{\"rate\":1,\"size\":64}");
    }
    HttpReply fifth = start("{\"rate\":1,\"size\":64}");
    assertProblem(503, fifth);
    assertEquals("30", fifth.header("Retry-After").orElse(""));
    api().call(api().request("/lab/runs/" + runs.remove(0)).DELETE());
    started("{\"rate\":1,\"size\":64}");
  }

  @Test
  void noClientSpeaksOnAChannelOfTheLab() {
    String channel = started("{\"rate\":1,\"size\":64}").getString("channel");
    SuperchatClient ann = new SuperchatClient(websocket(handshake().offering("superchat")));
    ann.ask("{'type':'connect','id':1}", "connected");
    ann.send("{'type':'publish','id':2,'channel':'%s','data':1}".formatted(channel));
    ann.error("forbidden", 2);
  }

  @Test
  void theBenchSaysNothingUnlessItIsSpokenTo() {
    RawWebSocket bench = websocket(handshake().query("bench"));
    bench.send(Frame.text("hello"));
    assertEquals("hello", bench.next().text()); // and no welcome before
    bench.send(Frame.of(Frame.BINARY, new byte[] {1, 2, 3}));
    assertEquals(3, bench.next().payload().length);
    bench.send(Frame.text("{\"type\":\"ping\"}"));
    JsonObject pong = bench.nextJson();
    assertEquals("pong", pong.getString("type"));
    assertTrue(pong.getInt("micros") > 0, pong::toString);
    assertEquals(1, bench.pings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "bytes"})
  void theBenchTakesNoMoreThanTheChat(String kind) {
    RawWebSocket bench = websocket(handshake().query("bench"));
    bench.send(
        kind.equals("text")
            ? Frame.text("x".repeat(70_000))
            : Frame.of(Frame.BINARY, new byte[70_000]));
    assertEquals(1009, bench.awaitClose(Duration.ofSeconds(10)).code());
  }

  @Test
  void theBenchHasSixteenPlaces() {
    List<RawWebSocket> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      RawWebSocket bench = websocket(handshake().query("bench"));
      bench.send(Frame.text("here"));
      assertEquals("here", bench.next().text());
      all.add(bench);
    }
    assertEquals(
        1013, websocket(handshake().query("bench")).awaitClose(Duration.ofSeconds(10)).code());
    all.get(0).send(Frame.close(1000, ""));
    all.get(0).awaitClose(Duration.ofSeconds(10));
    assertTrue(
        Deadline.patient()
            .until(
                () -> {
                  RawWebSocket bench = websocket(handshake().query("bench"));
                  bench.send(Frame.text("room?"));
                  return bench.next().opcode() == Frame.TEXT;
                }));
  }
}
