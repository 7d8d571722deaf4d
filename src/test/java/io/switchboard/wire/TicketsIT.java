package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tickets: from {@code POST /api/tickets} through the gate, where guests are not let in. */
class TicketsIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard("switchboard.guests", "false");
  }

  private Handshake with(String ticket) {
    return handshake().query("ticket=" + ticket);
  }

  @Test
  void aTicketLetsItsUserInOnce() {
    String user = user();
    String ticket = api().ticket(user, "Ann");
    ChatClient ann = chat(with(ticket));
    assertEquals(user, ann.user());
    assertEquals("Ann", ann.join(room(), "Ann").getString("name"));
    ann.send("type", "handshake");
    assertFalse(ann.next("handshake").toString().contains(ticket), "it is told to nobody");
    assertRefused(401, with(ticket));
    assertRefused(401, handshake());
  }

  @Test
  void aProvenNameIsNotChosenAnew() {
    ChatClient ann = chatAs(user(), "Ann");
    ann.send("type", "join", "room", room(), "name", "Eve", "last", 0);
    assertEquals("Ann", ann.next("joined").getString("name"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "%zz", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void aBadTicketIsRefused(String ticket) {
    assertRefused(401, with(ticket));
  }

  @Test
  void credentialsThatAreNotServedAreRefusedEvenWithATicket() {
    String ticket = api().ticket(user(), "Ann");
    assertRefused(401, with(ticket).with("Authorization", "Bearer x"));
    assertRefused(401, with(ticket).offering("chat, bearer.x"));
    assertRefused(401, handshake().query("ticket=" + ticket + "&ticket=" + ticket));
    // None of these has used it up, nor has a handshake that is refused for something else.
    assertRefused(403, with(ticket).origin("https://elsewhere.example"));
    assertRefused(400, with(ticket).with("Sec-WebSocket-Key", "short"));
    assertFalse(chat(with(ticket)).user().isEmpty());
  }

  @Test
  void ofManyThatComeAtOnceOneIsLetIn() {
    String ticket = api().ticket(user(), "Ann");
    var answers =
        IntStream.range(0, 8)
            .mapToObj(i -> start(() -> exchange(with(ticket)).status()))
            .toList()
            .stream()
            .map(answer -> result(answer, 20))
            .sorted()
            .toList();
    assertEquals(101, answers.get(0), answers::toString);
    assertTrue(answers.stream().skip(1).allMatch(status -> status == 401), answers::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                | user
          {"user":5}                        | user
          {"user":""}                       | user
          {"user":"  "}                     | user
          {"user":"a\\u0007"}               | user
          {"user":"ann","name":""}          | name
          {"user":"ann","name":7}           | name
          """)
  void aMistakeIsNamedByItsField(String body, String field) {
    JsonObject problem = assertProblem(400, api().post("/tickets", body));
    assertTrue(problem.getString("detail").startsWith(field + ":"), problem::toString);
  }

  @Test
  void whatIsPushedToAUserIsRecoveredByItsPosition() {
    String user = user();
    RawWebSocket ann = superchatAs(user);
    ann.send(Frame.text("{\"type\":\"connect\",\"id\":1}"));
    JsonObject own = ann.nextJson().getJsonObject("subs").getJsonObject("user:" + user);
    String path = "/users/" + user + "/push";
    assertEquals(own.getInt("offset") + 1, api().posted(path, "{\"data\":1}").getInt("offset"));
    assertEquals("publication", ann.nextJson().getString("type"));
    ann.close();
    api().posted(path, "{\"data\":2}");
    api().posted(path, "{\"data\":3}");
    RawWebSocket back = superchatAs(user);
    back.send(
        Frame.text(
            "{\"type\":\"connect\",\"id\":1,\"subs\":{\"user:%s\":{\"epoch\":\"%s\",\"offset\":1}}}"
                .formatted(user, own.getString("epoch"))));
    JsonObject recovered = back.nextJson().getJsonObject("subs").getJsonObject("user:" + user);
    assertTrue(recovered.getBoolean("recovered"), recovered::toString);
    assertEquals(2, recovered.getJsonArray("publications").size(), recovered::toString);
  }
}
