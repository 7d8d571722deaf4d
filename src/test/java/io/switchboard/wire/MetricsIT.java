package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.testing.Scrape;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** What a scraper is told, by a server with clients, and what dashboard and alerts ask for. */
class MetricsIT extends WireTest {
  private static final Path DOCS = Path.of("src", "docs", "observability");

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private Scrape scrape() {
    HttpReply reply =
        api()
            .call(
                api().request("/metrics").header("Authorization", "Bearer " + Api.generatedKey()));
    assertEquals(200, reply.status(), reply::toString);
    String type = reply.header("Content-Type").orElse("").replace(" ", "").toLowerCase(Locale.ROOT);
    assertTrue(type.startsWith("text/plain;version=0.0.4"), type);
    return Scrape.of(reply.body());
  }

  /** Scrapes until a number is as expected, which it becomes a moment later. */
  private void awaitValue(double expected, ToDoubleFunction<Scrape> number) {
    Deadline deadline = Deadline.patient();
    double seen = number.applyAsDouble(scrape());
    while (seen != expected) {
      assertTrue(!deadline.passed(), "still " + seen + " instead of " + expected);
      seen = number.applyAsDouble(scrape());
    }
  }

  private RawWebSocket superchat(String channel) {
    RawWebSocket client = websocket(handshake().offering("superchat"));
    client.send(
        Frame.text("{\"type\":\"connect\",\"id\":1,\"subs\":{\"%s\":null}}".formatted(channel)));
    assertEquals("connected", client.nextJson().getString("type"));
    return client;
  }

  @Test
  void withoutTheKeyNothingIsTold() {
    assertProblem(401, api().call(api().request("/metrics")));
    HttpReply wrong =
        api().call(api().request("/metrics").header("Authorization", "Bearer sb_wrong"));
    assertProblem(401, wrong);
    assertTrue(wrong.header("WWW-Authenticate").orElse("").startsWith("Bearer"), wrong::toString);
    assertTrue(!wrong.body().contains("switchboard_"), wrong::toString);
  }

  @Test
  void countsWhatClientsDo() {
    String room = room();
    Scrape before = scrape();
    RawWebSocket ann = superchat("room:" + room);
    RawWebSocket bob = superchat("room:" + room);
    ChatClient cid = chat();
    cid.join(room, "Cid");
    HttpPeer dee = new HttpPeer(server(), this::socket, HttpPeer.How.SSE);
    dee.connect("{'type':'connect','id':1,'subs':{'room:%s':null}}".formatted(room), "");
    for (int n = 1; n <= 5; n++) {
      api().published("{\"channel\":\"room:%s\",\"data\":{\"n\":%d}}".formatted(room, n));
      assertEquals(n, next(ann).getInt("offset"));
      assertEquals(n, next(bob).getInt("offset"));
      JsonObject told = dee.next();
      while (!told.getString("type").equals("publication")) {
        told = dee.next();
      }
      assertEquals(n, told.getInt("offset"));
    }
    awaitValue(
        20,
        now ->
            now.value("switchboard_fanout_seconds_count")
                - before.value("switchboard_fanout_seconds_count"));
    Scrape after = scrape();
    assertEquals(5, grown(before, after, "switchboard_publications_total", "result", "accepted"));
    assertEquals(
        5, grown(before, after, "switchboard_engine_seconds_count", "operation", "publish"));
    assertEquals(
        3, grown(before, after, "switchboard_sessions_opened_total", "subprotocol", "superchat"));
    assertEquals(
        1, grown(before, after, "switchboard_sessions_opened_total", "subprotocol", "chat"));
    assertEquals(
        2,
        after.value(
            "switchboard_connections", "subprotocol", "superchat", "transport", "websocket"));
    assertEquals(
        1, after.value("switchboard_connections", "subprotocol", "chat", "transport", "websocket"));
    assertEquals(
        1, after.value("switchboard_connections", "subprotocol", "superchat", "transport", "sse"));
    assertEquals(
        3, grown(before, after, "switchboard_messages_received_total", "transport", "websocket"));
    assertTrue(
        grown(before, after, "switchboard_received_bytes_total", "transport", "websocket") > 100);
    assertTrue(
        grown(before, after, "switchboard_sent_bytes_total", "transport", "websocket") > 1_000);
    assertTrue(grown(before, after, "switchboard_messages_sent_total", "transport", "sse") >= 4);

    ann.send(Frame.close(1000, ""));
    awaitValue(1, now -> grown(before, now, "switchboard_sessions_closed_total", "code", "1000"));
  }

  private static JsonObject next(RawWebSocket client) {
    JsonObject told = client.nextJson();
    while (!told.getString("type").equals("publication")) {
      told = client.nextJson(); // who came
    }
    return told;
  }

  private static double grown(Scrape before, Scrape after, String name, String... labels) {
    return after.value(name, labels) - before.value(name, labels);
  }

  @Test
  void countsWhoIsNotLetIn() {
    Scrape before = scrape();
    assertRefused(403, handshake().origin("https://elsewhere.example"));
    assertRefused(400, handshake().offering("mqtt"));
    api().call(api().request("/api/channels"));
    api().get("/nowhere");
    Scrape after = scrape();
    String refused = "switchboard_handshakes_refused_total";
    assertEquals(1, grown(before, after, refused, "reason", "origin-not-allowed"));
    assertEquals(1, grown(before, after, refused, "reason", "unknown-subprotocol"));
    String calls = "switchboard_api_calls_total";
    assertEquals(1, after.value(calls, "call", "other", "status", "401"));
    assertEquals(1, after.value(calls, "call", "other", "status", "404"));
  }

  @Test
  void everyQueryOfTheDashboardAsksForWhatThereIs() throws IOException {
    List<String> queries = new ArrayList<>();
    try (Reader file = Files.newBufferedReader(DOCS.resolve("dashboard.json"));
        JsonReader json = Json.createReader(file)) {
      expressions(json.readObject(), queries);
    }
    assertTrue(queries.size() > 20, queries::toString);
    assertEquals(List.of(), mistakes(queries));
  }

  @Test
  void everyAlertAsksForWhatThereIs() throws IOException {
    List<String> queries =
        Files.readAllLines(DOCS.resolve("alerts.yml")).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("expr: "))
            .map(line -> line.substring(6))
            .toList();
    assertTrue(queries.size() > 8, queries::toString);
    assertEquals(List.of(), mistakes(queries));
  }

  private List<String> mistakes(List<String> queries) {
    Scrape scrape = scrape();
    return queries.stream().flatMap(query -> PromQl.mistakes(query, scrape).stream()).toList();
  }

  private static void expressions(JsonValue value, List<String> found) {
    if (value instanceof JsonObject object) {
      object.forEach(
          (name, member) -> {
            if (name.equals("expr") && member instanceof JsonString query) {
              found.add(query.getString());
            } else {
              expressions(member, found);
            }
          });
    } else if (value.getValueType() == JsonValue.ValueType.ARRAY) {
      value.asJsonArray().forEach(member -> expressions(member, found));
    }
  }
}
