package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 1 of the protocol, row by row: what becomes a 101, and what is refused before it. */
class HandshakeIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  @Test
  void noSubprotocolIsAnsweredWithoutOneAndSpeaksChat() {
    ChatClient client = chat();
    assertTrue(client.socket().handshake().all("Sec-WebSocket-Protocol").isEmpty());
    client.assertNothingMore();
  }

  @Test
  void compressionIsNotNegotiated() {
    ChatClient client =
        chat(
            handshake()
                .with("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"));
    assertTrue(client.socket().handshake().all("Sec-WebSocket-Extensions").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          chat                     | chat
          superchat                | superchat
          chat, superchat          | chat
          superchat, chat          | superchat
          superchat,chat           | superchat
          soap, chat               | chat
          soap, wamp, superchat    | superchat
          chat,  soap              | chat
          """)
  void theFirstOfTheClientsListThatIsSpokenIsChosen(String offered, String chosen) {
    RawWebSocket socket = websocket(handshake().offering(offered));
    assertEquals(List.of(chosen), socket.handshake().all("Sec-WebSocket-Protocol"));
  }

  @ParameterizedTest
  @CsvSource({"chat,superchat,chat", "superchat,chat,superchat", "soap,chat,chat"})
  void subprotocolsMaySpreadOverSeveralHeaders(String first, String second, String chosen) {
    RawWebSocket socket =
        websocket(handshake().offering(first).and("sec-websocket-protocol", second));
    assertEquals(List.of(chosen), socket.handshake().all("Sec-WebSocket-Protocol"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soap", "soap, wamp", "Chat", "chat2", "chatsuperchat"})
  void onlyUnknownSubprotocolsAreRefusedNamingTheSupportedOnes(String offered) {
    Handshake request = handshake().offering(offered);
    String problem = assertRefused(400, request).toString();
    assertTrue(problem.contains("superchat"), problem);
    assertTrue(problem.replace("superchat", "").contains("chat"), problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat superchat", "chat/2", "\"chat\"", "chat;v=1"})
  void whatIsNoListOfTokensIsRefused(String offered) {
    assertRefused(400, handshake().offering(offered));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Upgrade    | WebSocket
          Upgrade    | WEBSOCKET
          upgrade    | websocket
          Connection | keep-alive, Upgrade
          Connection | upgrade
          connection | keep-alive,upgrade
          Connection | Upgrade, keep-alive
          """)
  void upgradeAndConnectionAreComparedWithoutCase(String name, String value) {
    chat(handshake().with(name, value)).assertNothingMore();
  }

  @Test
  void connectionMaySpreadOverTwoHeaders() {
    Handshake request = handshake().with("Connection", "keep-alive").and("Connection", "Upgrade");
    chat(request).assertNothingMore();
  }

  @Test
  void aPlainGetMustUpgrade() {
    assertUpgradeRequired(handshake().without("Upgrade").without("Connection"));
  }

  @Test
  void anUpgradeWithoutTheConnectionTokenIsNone() {
    assertUpgradeRequired(handshake().with("Connection", "keep-alive"));
    assertUpgradeRequired(handshake().without("Connection"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2c", "websockets", "TLS/1.0", "web socket"})
  void anUpgradeToSomethingElseMustUpgrade(String protocol) {
    assertUpgradeRequired(handshake().with("Upgrade", protocol));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8", "7", "0", "12", "14", "113", "130", "255", "-13", "x", "13x", "13.0"})
  void anotherVersionMustUpgrade(String version) {
    assertUpgradeRequired(handshake().with("Sec-WebSocket-Version", version));
  }

  @Test
  void noVersionMustUpgrade() {
    assertUpgradeRequired(handshake().without("Sec-WebSocket-Version"));
  }

  private void assertUpgradeRequired(Handshake request) {
    assertRefused(426, request);
    HttpReply reply = exchange(request);
    assertEquals(426, reply.status(), reply::toString);
    assertTrue(reply.hasToken("Upgrade", "websocket"), reply::toString);
    assertEquals(List.of("13"), reply.all("Sec-WebSocket-Version"), reply::toString);
  }

  @Test
  void aMissingKeyIsRefused() {
    assertRefused(400, handshake().without("Sec-WebSocket-Key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "dGhlIHNhbXBsZSBub25jZQ", // no padding
        "dGhlIHNhbXBsZSBub25j", // 15 bytes
        "dGhlIHNhbXBsZSBub25jZQAA", // 18 bytes
        "dGhlIHNhbXBsZSBub25jZTE=", // 17 bytes
        "dGhlIHNhbXBsZSBub25jZQ=", // half the padding
        "dGhlIHNhbXBsZSBub25jZQ===",
        "dGhlIHNhbXBs*SBub25jZQ==", // not base64
        "dGhlIHNhbXBs-_Bub25jZQ==", // the alphabet for addresses
        "dGhl IHNhbXBsZSBub25jZQ==",
        "========================",
      })
  void aMalformedKeyIsRefused(String key) {
    assertRefused(400, handshake().with("Sec-WebSocket-Key", key));
  }

  @Test
  void twoKeysAreRefused() {
    assertRefused(400, handshake().and("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"})
  void anotherMethodIsRefused(String method) {
    Handshake request = handshake().method(method);
    assertRefused(405, request);
    HttpReply reply = exchange(request);
    assertEquals(List.of("GET"), reply.all("Allow"), reply::toString);
  }

  @Test
  void aRefusedRequestsBodyIsNotReadAsTheNextRequest() {
    String inner = handshake().without("Upgrade").text();
    Handshake request =
        handshake().method("POST").and("Content-Length", Integer.toString(inner.length()));
    RawSocket socket = socket();
    socket.send(request.text() + inner);
    assertRefusal(405, socket.readHttp("POST"), request);
    socket.assertEndedByServer();
  }

  @Test
  void aBearerTokenIsRefusedUntilItCanBeChecked() {
    assertUnauthenticated(handshake().with("Authorization", "Bearer abc.def.ghi"), "abc.def.ghi");
    assertUnauthenticated(handshake().with("authorization", "bearer abc.def.ghi"), "abc.def.ghi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bearer.abc.def.ghi, chat",
        "chat, bearer.abc.def.ghi",
        "superchat, bearer.abc.def.ghi",
      })
  void aBearerSubprotocolIsRefusedUntilItCanBeCheckedAndNeverEchoed(String offered) {
    assertUnauthenticated(handshake().offering(offered), "abc.def.ghi");
  }

  @Test
  void aBearerSubprotocolInAHeaderOfItsOwnIsRefusedToo() {
    Handshake request =
        handshake().offering("chat").and("Sec-WebSocket-Protocol", "bearer.abc.def");
    assertUnauthenticated(request, "abc.def");
  }

  @Test
  void aBearerSubprotocolAloneIsNeverEchoed() {
    Handshake request = handshake().offering("bearer.abc.def.ghi");
    HttpReply reply = exchange(request);
    assertTrue(reply.status() == 401 || reply.status() == 400, reply::toString);
    assertFalse(reply.toString().contains("abc.def.ghi"), reply::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ticket=abcdef123456", "a=b&ticket=abcdef123456", "tick%65t=abcdef123456"})
  void aTicketIsRefusedUntilItCanBeChecked(String query) {
    assertUnauthenticated(handshake().query(query), "abcdef123456");
    assertUnauthenticated(handshake().query(query).offering("superchat"), "abcdef123456");
  }

  private void assertUnauthenticated(Handshake request, String secret) {
    JsonObject problem = assertRefused(401, request);
    assertFalse(problem.toString().contains(secret), problem::toString);
    HttpReply reply = exchange(request);
    assertTrue(reply.header("WWW-Authenticate").orElse("").startsWith("Bearer"), reply::toString);
    assertFalse(reply.toString().contains(secret), reply::toString);
  }

  @Test
  void anotherQueryIsNoTicket() {
    chat(handshake().query("room=lobby&x=ticket")).assertNothingMore();
  }

  @Test
  void aFrameThatComesWithTheHandshakeIsHeard() {
    RawSocket socket = socket();
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(handshake().text().getBytes(StandardCharsets.US_ASCII));
    both.writeBytes(Frame.text("{\"type\":\"ping\"}").bytes());
    socket.send(both.toByteArray());
    RawWebSocket early = new RawWebSocket(socket, socket.readHttp("GET"));
    assertEquals(101, early.handshake().status());
    assertEquals("welcome", early.nextJson().getString("type"));
    assertEquals("pong", early.nextJson().getString("type"));
  }

  @Test
  void theFirstFailingRuleDecides() {
    Handshake worst =
        handshake()
            .method("POST")
            .query("ticket=abc")
            .with("Sec-WebSocket-Version", "8")
            .without("Sec-WebSocket-Key")
            .offering("soap")
            .origin("http://evil.example");
    assertRefused(405, worst);
    assertRefused(426, worst.method("GET"));
    assertRefused(400, worst.method("GET").with("Sec-WebSocket-Version", "13"));
    Handshake keyed = handshake().query("ticket=abc").origin("http://evil.example");
    assertRefused(400, keyed.offering("soap"));
    assertRefused(403, keyed);
    assertRefused(401, keyed.without("Origin"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/chat;a=b",
        "/%63hat",
        "//chat",
        "/./chat",
        "/x/../chat",
        "/chat/",
        "/chat/.",
        "/chat%2F",
        "/chat?ticket",
      })
  void noSpellingOfThePathGoesAroundTheGate(String below) {
    Handshake request = handshake().path(server().path(below)).origin("http://evil.example");
    HttpReply reply = exchange(request);
    assertNotEquals(101, reply.status(), reply::toString);
    assertTrue(reply.header("Sec-WebSocket-Accept").isEmpty(), reply::toString);
  }

  @Test
  void aPathNextToTheEndpointIsNotFound() {
    HttpReply reply = exchange(handshake().path(server().path("/chats")));
    assertEquals(404, reply.status(), reply::toString);
  }

  @Test
  void anOldHttpVersionDoesNotUpgrade() {
    RawSocket socket = socket();
    socket.send(handshake().text().replace("HTTP/1.1", "HTTP/1.0"));
    HttpReply reply = socket.readHttp("GET");
    assertTrue(reply.status() >= 400 && reply.status() < 600, reply::toString);
  }

  @Test
  void aHandshakeMayComeByteByByte() {
    RawSocket socket = socket();
    Handshake request = handshake();
    for (char c : request.text().toCharArray()) {
      socket.send(String.valueOf(c));
    }
    HttpReply reply = socket.readHttp("GET");
    assertEquals(101, reply.status(), reply::toString);
    assertEquals(List.of(request.accept()), reply.all("Sec-WebSocket-Accept"));
  }
}
