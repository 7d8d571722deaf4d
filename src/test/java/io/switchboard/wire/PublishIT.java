package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /api/publish}: from a back end into the browsers. */
class PublishIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  @Test
  void theGeneratedKeyIsForItsOwnerOnly() throws IOException {
    Path file = Deployments.home().resolve("api-key");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String key = Api.generatedKey();
    assertTrue(key.matches("[\\x21-\\x7E]{22,}"), "128 random bits take 22 characters or more");
  }

  @Test
  void textReachesTheRoomAsSaid() {
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    JsonObject first = api().published(publication(room, "{\"text\":\"from the server\"}"));
    assertEquals(1, first.getInt("offset"), first::toString);
    assertFalse(first.getString("epoch").isBlank(), first::toString);
    ChatClient.assertTime(first.getString("at"));
    assertEquals(3, first.size(), first::toString);

    JsonObject said = ann.next("said");
    assertEquals("from the server", said.getString("text"));
    assertEquals(room, said.getString("room"));
    assertEquals(1, said.getInt("id"));
    assertEquals(first.getString("at"), said.getString("at"));
    ann.assertNothingMore();
  }

  @Test
  void offsetsAreTheRoomsOwnWhoeverPublishes() {
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    assertEquals(1, ann.say(room, "one").getInt("id"));
    JsonObject second = api().published(publication(room, "{\"text\":\"two\"}"));
    assertEquals(2, second.getInt("offset"));
    assertEquals(2, ann.next("said").getInt("id"));
    assertEquals(3, ann.say(room, "three").getInt("id"));
    JsonObject fourth = api().published(publication(room, "{\"text\":\"four\"}"));
    assertEquals(4, fourth.getInt("offset"));
    assertEquals(second.getString("epoch"), fourth.getString("epoch"));
    assertEquals(4, ann.next("said").getInt("id"));
    ann.assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"build\":1204}",
        "{\"text\":5}",
        "{\"text\":null}",
        "{}",
        "[]",
        "[1,[2,{\"a\":null}]]",
        "\"words\"",
        "-0.5",
        "12345678901234567890",
        "true",
        "{\"a\":{\"text\":\"deep\"},\"u\":\"\\u20ac \\ud83d\\ude00 \\u0000\"}",
      })
  void anythingElseReachesTheRoomAsPush(String data) {
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    JsonObject answer = api().published(publication(room, data));
    JsonObject push = ann.next("push");
    assertEquals("room:" + room, push.getString("channel"));
    assertEquals(parse(data), push.get("data"));
    assertEquals(answer.getString("at"), push.getString("at"));
    ann.assertNothingMore();
  }

  private static JsonValue parse(String json) {
    try (var reader = Json.createReader(new StringReader(json))) {
      return reader.readValue();
    }
  }

  @Test
  void anEphemeralPublicationIsDeliveredAndForgotten() {
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    ann.say(room, "kept");
    String body =
        "{\"channel\":\"room:" + room + "\",\"data\":{\"typing\":true},\"ephemeral\":true}";
    JsonObject answer = api().published(body);
    assertEquals(0, answer.getInt("offset", 0), "it has no place in the log");
    ann.next("push");
    assertEquals(2, ann.say(room, "kept too").getInt("id"));

    ChatClient ben = chat();
    ben.send("type", "join", "room", room, "last", 100);
    ben.next("joined");
    assertEquals(2, ben.next("history").getJsonArray("messages").size());
    ben.assertNothingMore();
  }

  @Test
  void onlyTheChannelsMembersHear() {
    String room = room();
    String other = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    ChatClient ben = chat();
    ben.join(other, "Ben");
    api().published(publication(room, "{\"text\":\"for one room\"}"));
    ann.next("said");
    ann.assertNothingMore();
    ben.assertNothingMore();
    ChatClient eve = chat();
    eve.assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(strings = {"push:news", "live:ticker", "user:ann"})
  void theShippedNamespacesAreThere(String channel) {
    JsonObject answer = api().published("{\"channel\":\"" + channel + "\",\"data\":1}");
    ChatClient.assertTime(answer.getString("at"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer ",
        "Bearer wrong",
        "Basic d3Jvbmc6d3Jvbmc=",
        "Bearer %s2",
        "Bearer 2%s",
        "%s",
        "Bearer %s %s",
      })
  void withoutTheKeyNothingIsPublished(String authorization) {
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    HttpRequest.Builder request =
        api()
            .request("/api/publish")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(publication(room, "{\"text\":\"no\"}")));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization.replace("%s", Api.generatedKey()));
    }
    HttpReply reply = api().call(request);
    assertProblem(401, reply);
    assertTrue(reply.header("WWW-Authenticate").orElse("").startsWith("Bearer"), reply::toString);
    assertFalse(reply.toString().contains(Api.generatedKey()), "the key is told to nobody");
    ann.assertNothingMore();
  }

  @Test
  void theKeyIsAskedForBeforeTheBodyIsLookedAt() {
    HttpRequest.Builder request =
        api().request("/api/publish").POST(HttpRequest.BodyPublishers.ofString("{"));
    assertProblem(401, api().call(request.header("Content-Type", "application/json")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"data":1}                                         | channel
          {"channel":null,"data":1}                          | channel
          {"channel":5,"data":1}                             | channel
          {"channel":["room:a"],"data":1}                    | channel
          {"channel":"","data":1}                            | channel
          {"channel":"room:","data":1}                       | channel
          {"channel":"lobby","data":1}                       | channel
          {"channel":"room:a\\u0007b","data":1}              | channel
          {"channel":"room:a\\nb","data":1}                  | channel
          {"channel":"room:a\\ud800","data":1}               | channel
          {"channel":"room:a"}                               | data
          {"channel":"room:a","data":1,"ephemeral":"yes"}    | ephemeral
          {"channel":"room:a","data":1,"ephemeral":1}        | ephemeral
          """)
  void aMistakeIsNamedByItsField(String body, String field) {
    HttpReply reply = api().publish(body);
    JsonObject problem = assertProblem(400, reply);
    assertTrue(problem.toString().contains(field), problem::toString);
  }

  @Test
  void aChannelNameMayFill255BytesAndNoMore() {
    String longest = "room:" + "é".repeat(125);
    assertEquals(255, longest.getBytes(StandardCharsets.UTF_8).length);
    api().published("{\"channel\":\"" + longest + "\",\"data\":1}");
    JsonObject problem =
        assertProblem(400, api().publish("{\"channel\":\"" + longest + "x\",\"data\":1}"));
    assertTrue(problem.toString().contains("channel"), problem::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"channel\":\"room:a\",\"data\":}", "nonsense", "{} {}", "5"})
  void whatIsNotAJsonObjectIsABadRequest(String body) {
    assertProblem(400, api().publish(body));
  }

  @Test
  void anUnknownNamespaceIsNotFound() {
    HttpReply reply = api().publish("{\"channel\":\"nowhere:a\",\"data\":1}");
    JsonObject problem = assertProblem(404, reply);
    assertTrue(problem.toString().contains("unknown-channel"), problem::toString);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tooMuchIsRefusedWhetherItsLengthIsToldOrNot(boolean told) {
    String body = publication(room(), "\"" + "x".repeat(200_000) + "\"");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    HttpRequest.BodyPublisher publisher =
        told
            ? HttpRequest.BodyPublishers.ofByteArray(bytes)
            : HttpRequest.BodyPublishers.fromPublisher(
                HttpRequest.BodyPublishers.ofByteArray(bytes));
    assertProblem(413, api().call(api().publishing("").POST(publisher)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
  void anotherMediaTypeIsRefused(String mediaType) {
    HttpRequest.Builder request =
        api().publishing(publication(room(), "1")).setHeader("Content-Type", mediaType);
    assertProblem(415, api().call(request));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json; charset=utf-8", "Application/JSON", "application/json"})
  void theMediaTypeMayHaveParametersAndAnyCase(String mediaType) {
    HttpRequest.Builder request =
        api().publishing(publication(room(), "1")).setHeader("Content-Type", mediaType);
    HttpReply reply = api().call(request);
    assertEquals(200, reply.status(), reply::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void anotherMethodIsRefused(String method) {
    HttpRequest.Builder request =
        api().publishing("").method(method, HttpRequest.BodyPublishers.noBody());
    HttpReply reply = api().call(request);
    assertEquals(405, reply.status(), reply::toString);
    assertTrue(reply.hasToken("Allow", "POST"), reply::toString);
  }

  @Test
  void unknownFieldsAreIgnored() {
    String room = room();
    api().published("{\"channel\":\"room:" + room + "\",\"data\":1,\"colour\":\"green\"}");
  }

  private static String publication(String room, String data) {
    return "{\"channel\":\"room:" + room + "\",\"data\":" + data + "}";
  }
}
