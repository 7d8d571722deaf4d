package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 2 of the protocol: rooms, and what people do in them. */
class ChatIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private ChatClient member(String room, String name) {
    ChatClient client = chat();
    client.join(room, name);
    return client;
  }

  @Test
  void welcomeComesFirstAndTellsTheOneFromTheOther() {
    ChatClient ann = chat();
    ChatClient ben = chat(handshake().offering("chat"));
    assertEquals(25, ann.welcome().getInt("heartbeat"));
    assertTrue(ann.user().startsWith("guest-"), ann::user);
    assertNotEquals(ann.user(), ben.user());
    assertNotEquals(ann.session(), ben.session());
    ann.assertNothingMore();
    ben.assertNothingMore();
  }

  @Test
  void everybodyInTheRoomSeesWhoEnters() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = chat();
    JsonObject own = ben.join(room, "Ben");
    assertEquals(own, ann.next("joined"));
    ann.assertNothingMore();
    ben.assertNothingMore();
  }

  @Test
  void aNameIsOptional() {
    String room = room();
    ChatClient ann = chat();
    ann.send("type", "join", "room", room);
    assertEquals(ann.user(), ann.next("joined").getString("user"));
    ann.assertNothingMore();
    ann.send("type", "say", "room", room, "text", "hi");
    assertEquals(ann.user(), ann.next("said").getString("user"));
  }

  @Test
  void whatIsSaidReachesEverybodyTheSameTheSpeakerIncluded() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    JsonObject own = ann.say(room, "Grüße, 世界 \ud83d\ude00 \n\t\"quoted\" \\ </script>");
    assertEquals("Ann", own.getString("name"));
    assertEquals(1, own.getInt("id"));
    assertEquals(own, ben.next("said"));
    ann.assertNothingMore();
    ben.assertNothingMore();
  }

  @Test
  void roomsAreApart() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room(), "Ben");
    ann.say(room, "not for Ben");
    ben.assertNothingMore();
    ben.send("type", "say", "room", room, "text", "not from Ben");
    ben.error("not-joined");
    ann.assertNothingMore();
  }

  @Test
  void oneConnectionMayBeInManyRooms() {
    String first = room();
    String second = room();
    ChatClient ann = member(first, "Ann");
    ann.join(second, "Ann");
    assertEquals(1, ann.say(first, "here").getInt("id"));
    assertEquals(1, ann.say(second, "and there").getInt("id"));
    ann.assertNothingMore();
  }

  @Test
  void whoNamesEverybodyInTheRoom() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    ann.send("type", "who", "room", room);
    JsonObject who = ann.next("who");
    assertEquals(room, who.getString("room"));
    List<String> users =
        who.getJsonArray("users").getValuesAs(JsonObject.class).stream()
            .map(user -> user.getString("user") + " " + user.getString("name"))
            .sorted()
            .toList();
    assertEquals(
        Stream.of(ann.user() + " Ann", ben.user() + " Ben").sorted().toList(),
        users,
        who::toString);
    ben.assertNothingMore();
  }

  @Test
  void leavingIsToldToEverybodyAndEndsTheListening() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    ben.send("type", "leave", "room", room);
    JsonObject left = ann.next("left");
    assertEquals(ben.user(), left.getString("user"));
    assertEquals("Ben", left.getString("name"));
    assertEquals(room, left.getString("room"));
    assertEquals(left, ben.next("left"));
    ann.say(room, "is he gone?");
    ben.assertNothingMore();
    ben.send("type", "say", "room", room, "text", "not any more");
    ben.error("not-joined");
    ann.send("type", "who", "room", room);
    assertEquals(1, ann.next("who").getJsonArray("users").size());
    ann.assertNothingMore();
  }

  @Test
  void whoHasLeftMayComeBack() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ann.say(room, "one");
    ann.send("type", "leave", "room", room);
    ann.next("left");
    ann.send("type", "join", "room", room, "name", "Anna", "last", 5);
    assertEquals("Anna", ann.next("joined").getString("name"));
    assertEquals(1, ann.next("history").getJsonArray("messages").size());
    assertEquals(2, ann.say(room, "two").getInt("id"));
  }

  @Test
  void joiningTwiceIsAnErrorAndToldToNobody() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    ben.send("type", "join", "room", room, "name", "Ben");
    ben.error("already-subscribed");
    ann.assertNothingMore();
    ben.assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(strings = {"say", "leave", "who"})
  void whoHasNotJoinedIsTold(String type) {
    ChatClient ann = chat();
    ann.send("type", type, "room", room(), "text", "hi");
    assertFalse(ann.error("not-joined").getBoolean("retry"));
    ann.assertNothingMore();
  }

  @Test
  void historyComesAfterTheJoinersOwnEntryOldestFirst() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    List<JsonObject> said =
        Stream.of("one", "two", "three").map(text -> ann.say(room, text)).toList();
    ChatClient ben = chat();
    ben.send("type", "join", "room", room, "name", "Ben");
    assertEquals(ben.user(), ben.next("joined").getString("user"));
    JsonObject history = ben.next("history");
    assertEquals(room, history.getString("room"));
    assertEquals(said, history.getJsonArray("messages"));
    ben.assertNothingMore();
    ann.next("joined");
    ann.assertNothingMore();
  }

  @Test
  void lastSaysHowManyMessagesAreReplayed() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    IntStream.rangeClosed(1, 105).forEach(i -> ann.say(room, "message " + i));
    assertReplayed(room, "", 86, 105);
    assertReplayed(room, ",\"last\":1", 105, 105);
    assertReplayed(room, ",\"last\":20", 86, 105);
    assertReplayed(room, ",\"last\":100", 6, 105);
    ChatClient none = chat();
    none.send("type", "join", "room", room, "last", 0);
    none.next("joined");
    none.assertNothingMore();
  }

  private void assertReplayed(String room, String last, int from, int to) {
    ChatClient client = chat();
    client.send("{\"type\":\"join\",\"room\":\"" + room + "\"" + last + "}");
    client.next("joined");
    List<Integer> offsets =
        client.next("history").getJsonArray("messages").getValuesAs(JsonObject.class).stream()
            .map(said -> said.getInt("id"))
            .toList();
    assertEquals(IntStream.rangeClosed(from, to).boxed().toList(), offsets);
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"101", "-1", "\"x\"", "\"20\"", "1.5", "true", "[1]", "{}", "1e99"})
  void lastOutsideItsBoundsIsNamed(String last) {
    ChatClient ann = chat();
    ann.send("{\"type\":\"join\",\"room\":\"" + room() + "\",\"last\":" + last + "}");
    ann.error("bad-request", "last");
    ann.assertNothingMore();
  }

  static Stream<String> mistakesInRoom() {
    String join = "{\"type\":\"join\",\"room\":";
    return Stream.concat(
        Stream.of(
                "5",
                "null",
                "true",
                "{}",
                "[\"lobby\"]",
                "\"\"",
                "\"a\\u0000b\"",
                "\"a\\nb\"",
                "\"a\\u007fb\"",
                "\"a\\u0085b\"",
                "\"" + "x".repeat(251) + "\"",
                "\"" + "é".repeat(126) + "\"")
            .map(value -> join + value + "}"),
        Stream.of(
            "{\"type\":\"join\"}",
            "{\"type\":\"say\",\"text\":\"hi\"}",
            "{\"type\":\"leave\"}",
            "{\"type\":\"who\"}",
            "{\"type\":\"leave\",\"room\":7}",
            "{\"type\":\"who\",\"room\":false}",
            "{\"type\":\"say\",\"room\":{},\"text\":\"hi\"}"));
  }

  @ParameterizedTest
  @MethodSource("mistakesInRoom")
  void aMistakeInTheRoomIsNamed(String message) {
    ChatClient ann = chat();
    ann.send(message);
    assertFalse(ann.error("bad-request", "room").getBoolean("retry"));
    ann.assertNothingMore();
  }

  @Test
  void aRoomNameMayFillItsChannelName() {
    ChatClient ann = chat();
    String room = (room() + "x".repeat(250)).substring(0, 250);
    ann.join(room, "Ann");
    ann.say(room, "hi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5",
        "true",
        "{}",
        "[\"Ann\"]",
        "\"An\\u0000n\"",
        "\"An\\u0007n\"",
        "\"An\\nn\"",
        "\"An\\u001b[31mn\"",
        "\"An\\u007fn\"",
        "\"An\\u009bn\"",
      })
  void aMistakeInTheNameIsNamed(String name) {
    String room = room();
    ChatClient ann = chat();
    ann.send("{\"type\":\"join\",\"room\":\"" + room + "\",\"name\":" + name + "}");
    ann.error("bad-request", "name");
    ann.assertNothingMore();
  }

  @Test
  void aNameHasAtMost64Characters() {
    String longest = "N".repeat(64);
    ChatClient ann = chat();
    ann.join(room(), longest);
    ann.send("type", "join", "room", room(), "name", longest + "N");
    ann.error("bad-request", "name");
    ann.send("type", "join", "room", room(), "name", "N".repeat(60_000));
    ann.error("bad-request", "name");
    ann.assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",\"text\":5", ",\"text\":null", ",\"text\":[\"hi\"]", ",\"text\":{}"})
  void aMistakeInTheTextIsNamed(String text) {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ann.send("{\"type\":\"say\",\"room\":\"" + room + "\"" + text + "}");
    ann.error("bad-request", "text");
    ann.assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00", "a\\ud83d", "\\ude00\\ud83d", "\\ud800\\ud800"})
  void halfACharacterNeverReachesAnybody(String half) {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    ann.send("{\"type\":\"say\",\"room\":\"" + room + "\",\"text\":\"" + half + "\"}");
    assertBadText(ann.next("error"));
    ann.send("{\"type\":\"join\",\"room\":\"" + room() + "\",\"name\":\"" + half + "\"}");
    assertBadText(ann.next("error"));
    ann.send("{\"type\":\"join\",\"room\":\"" + half + "\"}");
    assertBadText(ann.next("error"));
    ann.assertNothingMore();
    ben.assertNothingMore();
  }

  private static void assertBadText(JsonObject error) {
    String code = error.getString("code");
    assertTrue(code.equals("bad-request") || code.equals("bad-json"), error::toString);
  }

  @Test
  void unknownFieldsAreIgnored() {
    String room = room();
    ChatClient ann = chat();
    ann.send(
        "{\"colour\":[1,{\"type\":\"say\"}],\"type\":\"join\",\"room\":\""
            + room
            + "\",\"last\":0,\"id\":\"x\",\"\":null}");
    ann.next("joined");
    ann.send("{\"type\":\"ping\",\"room\":5,\"text\":false}");
    ann.next("pong");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dance", "JOIN", "", " join", "welcome", "said", "connect", "\u0000"})
  void anUnknownTypeIsAnErrorAndNoDisconnect(String type) {
    ChatClient ann = chat();
    ann.send("type", type, "room", room());
    assertFalse(ann.error("unknown-type").getBoolean("retry"));
    ann.assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"type\":null}", "{\"type\":5}", "{\"type\":[\"ping\"]}"})
  void aMissingTypeIsNamed(String message) {
    ChatClient ann = chat();
    ann.send(message);
    ann.error("bad-request", "type");
    ann.assertNothingMore();
  }

  static Stream<Golden.Example> clientExamples() {
    return Golden.all().stream().filter(example -> !example.fromServer());
  }

  @ParameterizedTest
  @MethodSource("clientExamples")
  void everyExampleOfAClientIsUnderstood(Golden.Example example) {
    ChatClient ann = chat();
    if (!example.type().equals("join") && example.frame().containsKey("room")) {
      ann.join(example.frame().getString("room"), "Ann");
    }
    ann.send(example.frame().toString());
    assertNotEquals("error", ann.next().getString("type"));
  }

  @Test
  void theSameErrorIsAnsweredEachTime() {
    ChatClient ann = chat();
    for (int i = 0; i < 19; i++) {
      ann.send("type", "dance");
      ann.error("unknown-type");
    }
    ann.assertNothingMore();
  }

  @Test
  void twentyBadMessagesInTenSecondsEndTheConnection() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    for (int i = 0; i < 20; i++) {
      ben.send(i % 2 == 0 ? "{\"type\":\"dance\"}" : "{");
    }
    for (int i = 0; i < 20; i++) {
      ben.error(i % 2 == 0 ? "unknown-type" : "bad-json");
    }
    JsonObject bye = ben.next("bye");
    assertEquals(4006, bye.getInt("code"), bye::toString);
    assertFalse(bye.getBoolean("reconnect"), bye::toString);
    Closing closing = ben.awaitClose(Duration.ofSeconds(10));
    assertEquals(4006, closing.code(), closing::toString);
    assertEquals(List.of(), closing.before());
    assertEquals(ben.user(), ann.next("left").getString("user"));
    ann.assertNothingMore();
  }

  @Test
  void aBinaryMessageEndsTheConnection() {
    for (Frame frame :
        List.of(
            Frame.of(Frame.BINARY, new byte[] {1, 2, 3}),
            Frame.of(Frame.BINARY, new byte[0]),
            Frame.of(
                Frame.BINARY,
                "{\"type\":\"ping\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))) {
      ChatClient ann = chat();
      ann.socket().send(frame);
      Closing closing = ann.awaitClose(Duration.ofSeconds(10));
      assertEquals(1003, closing.code(), closing::toString);
      closing.before().forEach(message -> assertEquals(1003, message.getInt("code")));
    }
  }

  @Test
  void aCloseIsAnsweredAndLeavesTheRooms() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    ben.socket().send(Frame.close(1000, "good night"));
    Closing closing = ben.awaitClose(Duration.ofSeconds(5));
    assertEquals(1000, closing.code(), closing::toString);
    assertEquals(List.of(), closing.before());
    assertLeft(ann, ben, Duration.ofSeconds(2));
  }

  @Test
  void aKilledPeerHasLeftWithinTwoSeconds() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    ben.reset();
    assertLeft(ann, ben, Duration.ofSeconds(2));
  }

  @Test
  void aPeerThatEndsWithoutACloseHasLeftWithinFifteenSeconds() {
    String room = room();
    ChatClient ann = member(room, "Ann");
    ChatClient ben = member(room, "Ben");
    ann.next("joined");
    ben.socket().socket().endOutput();
    assertLeft(ann, ben, Duration.ofSeconds(15));
  }

  private static void assertLeft(ChatClient witness, ChatClient gone, Duration within) {
    JsonObject left =
        witness
            .poll(Deadline.in(within))
            .orElseThrow(() -> new AssertionError("not left within " + within));
    assertEquals("left", left.getString("type"), left::toString);
    assertEquals(gone.user(), left.getString("user"), left::toString);
    witness.assertNothingMore();
  }

  @Test
  void everybodySeesTheSameOrderWithOffsetsFromOne() {
    int clients = 6;
    int each = 60;
    String room = room();
    List<ChatClient> members =
        IntStream.range(0, clients).mapToObj(i -> member(room, "member " + i)).toList();
    String last = members.get(clients - 1).user();
    for (ChatClient member : members.subList(0, clients - 1)) {
      member.readUntil(message -> message.getString("user").equals(last), Deadline.PATIENCE);
    }
    var speaking =
        members.stream()
            .map(
                member ->
                    start(
                        () -> {
                          for (int i = 0; i < each; i++) {
                            String text = member.user() + " " + i;
                            member.send("type", "say", "room", room, "text", text);
                          }
                          return member.readUntil(
                              said -> said.getInt("id") == clients * each, Deadline.PATIENCE);
                        }))
            .toList();
    List<JsonObject> order = result(speaking.get(0), 30);
    assertEquals(
        IntStream.rangeClosed(1, clients * each).boxed().toList(),
        order.stream().map(said -> said.getInt("id")).toList());
    for (ChatClient member : members) {
      List<String> own =
          order.stream()
              .filter(said -> said.getString("user").equals(member.user()))
              .map(said -> said.getString("text"))
              .toList();
      assertEquals(IntStream.range(0, each).mapToObj(i -> member.user() + " " + i).toList(), own);
    }
    speaking.forEach(other -> assertEquals(order, result(other, 30)));
    members.forEach(ChatClient::assertNothingMore);
  }

  @Test
  void theHandshakeOfTheConnectionCanBeAskedFor() {
    Handshake request =
        handshake().offering("chat, superchat").with("Cookie", "JSESSIONID=secret-of-the-browser");
    ChatClient ann = chat(request);
    ann.send("type", "handshake");
    JsonObject answer = ann.next("handshake");
    JsonObject asked = answer.getJsonObject("request");
    assertEquals("GET " + request.path() + " HTTP/1.1", asked.getString("line"));
    assertEquals(request.key(), header(asked, "Sec-WebSocket-Key"));
    assertEquals("13", header(asked, "Sec-WebSocket-Version"));
    assertEquals("chat, superchat", header(asked, "Sec-WebSocket-Protocol"));
    JsonObject answered = answer.getJsonObject("response");
    assertEquals(101, answered.getInt("status"));
    assertEquals(request.accept(), header(answered, "Sec-WebSocket-Accept"));
    assertEquals("chat", header(answered, "Sec-WebSocket-Protocol"));
    assertEquals("websocket", header(answered, "Upgrade"));
    assertFalse(answer.toString().contains("secret-of-the-browser"), "a script could read it");
  }

  private static String header(JsonObject side, String name) {
    return side.getJsonObject("headers").entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(entry -> entry.getValue())
        .filter(value -> value.getValueType() == JsonValue.ValueType.STRING)
        .map(value -> ((jakarta.json.JsonString) value).getString())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + side));
  }
}
