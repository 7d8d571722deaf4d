package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.testing.SignedToken;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens as credentials: each way to show one, what is bad about bad ones, and how they end. */
class TokensIT extends WireTest {
  private static final String SECRET = "a-secret-of-the-tests-of-32-bytes";
  private static final Duration END = Duration.ofSeconds(5);

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
            "switchboard.jwt.secret", SECRET,
            "switchboard.jwt.issuer", "tests",
            "switchboard.jwt.clock-skew", "0s",
            "switchboard.heartbeat.interval", "2s")
        .addClass(LogServlet.class)
        .addClass("io.switchboard.wire.LogServlet$Kept");
  }

  private static String token(String user, long seconds) {
    return token("'sub':'%s','name':'Ann','exp':%d".formatted(user, now() + seconds));
  }

  private static String token(String claims) {
    return SignedToken.hs256(SECRET, "{'iss':'tests',%s}".formatted(claims));
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  private Handshake bearer(String token) {
    return handshake().with("Authorization", "Bearer " + token);
  }

  private SuperchatClient superchat(Handshake request) {
    return new SuperchatClient(websocket(request));
  }

  private SuperchatClient pending() {
    return superchat(handshake().offering("superchat"));
  }

  private JsonObject connected(SuperchatClient client, String token) {
    return client.ask("{'type':'connect','id':1,'token':'%s'}".formatted(token), "connected");
  }

  @Test
  void aTokenLetsItsUserInByTheHeader() {
    String user = user();
    ChatClient ann = chat(bearer(token(user, 60)));
    assertEquals(user, ann.user());
    ann.join(room(), "Ann");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat, bearer.%s", "bearer.%s, chat", "bearer.%s,chat,superchat"})
  void aTokenLetsItsUserInByASubprotocolThatIsNeverEchoed(String offered) {
    String user = user();
    String token = token(user, 60);
    Handshake request = handshake().offering(offered.formatted(token));
    ChatClient ann = chat(request);
    assertEquals(user, ann.user());
    ann.send("type", "handshake");
    String told = ann.next("handshake").toString();
    assertFalse(told.contains(token), told);
    assertTrue(told.contains("bearer.…"), told);
    HttpReply reply = exchange(request);
    assertEquals(101, reply.status());
    assertEquals("chat", reply.header("Sec-WebSocket-Protocol").orElse(""));
    assertFalse(reply.toString().contains(token), reply::toString);
  }

  @Test
  void aTokenLetsItsUserInByConnect() {
    String user = user();
    JsonObject connected = connected(pending(), token(user, 60));
    assertEquals(user, connected.getString("user"));
    ChatClient.assertTime(connected.getString("expires"));
    assertTrue(connected.getJsonObject("subs").containsKey("user:" + user), connected::toString);
    String session = connected.getString("session");
    assertEquals(user, api().get("/sessions/" + session).json().getString("user"));
    assertEquals(1, api().posted("/users/" + user + "/disconnect", "{}").getInt("sessions"));
  }

  /** Asks for a ticket with the rights of a token. */
  private HttpReply ticketBy(String scope, String more) {
    String token = token("'sub':'app','scope':'%s','exp':%d".formatted(scope, now() + 60));
    return api()
        .call(
            api()
                .request("/api/tickets")
                .setHeader("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"user\":\"ann\"" + more + "}")));
  }

  @Test
  void whatATokenGrantsByATicketEndsWithTheToken() {
    String channels = ",\"channels\":{\"subscribe\":[\"admin:node\"]}";
    assertProblem(403, ticketBy("switchboard:publish switchboard:read", channels));
    HttpReply granted = ticketBy("switchboard:admin", channels);
    assertEquals(201, granted.status(), granted::toString);
    JsonObject connected =
        superchat(
                handshake()
                    .offering("superchat")
                    .query("ticket=" + granted.json().getString("ticket")))
            .ask("{'type':'connect','id':1}", "connected");
    ChatClient.assertTime(connected.getString("expires"));
    HttpReply plain = ticketBy("switchboard:publish switchboard:read", "");
    assertFalse(
        superchat(
                handshake()
                    .offering("superchat")
                    .query("ticket=" + plain.json().getString("ticket")))
            .ask("{'type':'connect','id':1}", "connected")
            .containsKey("expires"),
        "the application says who it is, for as long as it lasts");
  }

  @ParameterizedTest
  @EnumSource(HttpPeer.How.class)
  void aTokenLetsItsUserInOverHttp(HttpPeer.How how) {
    String user = user();
    HttpPeer peer = new HttpPeer(server(), this::socket, how);
    JsonObject connected =
        peer.connect("{'type':'connect','id':1,'token':'%s'}".formatted(token(user, 60)), "");
    assertEquals(user, connected.getString("user"));
    api().posted("/users/" + user + "/push", "{\"data\":1}");
    assertEquals("publication", peer.next().getString("type"));
  }

  @Test
  void withoutCredentialsThereIsNoWayIn() {
    JsonObject problem = assertRefused(401, handshake());
    assertTrue(problem.getString("detail").contains("credentials are needed"), problem::toString);
    assertRefused(401, handshake().offering("chat, superchat"));
    SuperchatClient silent = pending();
    silent.send("{'type':'connect','id':1}");
    silent.error("unauthenticated", 1);
    assertEquals(4001, silent.next("bye").json().getInt("code"));
    assertEquals(4001, silent.socket().awaitClose(END).code());
  }

  @Test
  void whoDoesNotConnectWithinFiveSecondsIsOut() {
    SuperchatClient silent = pending();
    silent.send("{'type':'subscribe','id':1,'channel':'room:a'}");
    silent.error("unauthenticated", 1);
    assertEquals(4002, silent.next("bye").json().getInt("code"));
  }

  private static List<String> badTokens() {
    String good = token("ann", 60);
    List<String> bad = new ArrayList<>();
    bad.add("abc.def.ghi");
    bad.add(good.substring(0, good.length() - 4) + "AAAA");
    bad.add(good.substring(0, good.lastIndexOf('.') + 1));
    bad.add(SignedToken.unsigned("{'alg':'none'}", "{'iss':'tests','sub':'ann','exp':9999999999}"));
    bad.add(SignedToken.hs256(SECRET, "{'sub':'ann','exp':9999999999}"));
    bad.add(token("'sub':'ann'"));
    bad.add(token("ann", -1));
    bad.add(token("'sub':'a\\nb','exp':9999999999"));
    bad.add(token("'sub':'ann','exp':9999999999,'channel':'room:a'"));
    return bad;
  }

  @Test
  void aBadTokenIsRefusedWhereverItStands() {
    for (String token : badTokens()) {
      for (Handshake request :
          List.of(
              bearer(token),
              handshake().offering("chat, bearer." + token),
              handshake().offering("superchat, bearer." + token))) {
        JsonObject problem = assertRefused(401, request);
        assertFalse(problem.toString().contains(token), problem::toString);
        HttpReply reply = exchange(request);
        assertEquals("Bearer error=\"invalid_token\"", reply.header("WWW-Authenticate").orElse(""));
      }
      SuperchatClient client = pending();
      client.send("{'type':'connect','id':1,'token':'%s'}".formatted(token));
      JsonObject error = client.next("error").json();
      assertFalse(error.toString().contains(token), error::toString);
      int code = client.next("bye").json().getInt("code");
      assertEquals(error.getString("code").equals("token-expired") ? 4300 : 4001, code);
    }
  }

  @Test
  void theFirstKindOfCredentialsDecides() {
    String good = token("ann", 60);
    String ticket = api().ticket(user(), "Ann");
    assertRefused(401, bearer("x").offering("chat, bearer." + good));
    assertRefused(401, bearer("x").query("ticket=" + ticket));
    assertRefused(401, handshake().offering("chat, bearer.x").query("ticket=" + ticket));
    assertRefused(401, bearer(good).and("Authorization", "Bearer " + good));
    assertRefused(401, handshake().offering("chat, bearer." + good + ", bearer." + good));
    assertRefused(401, handshake().with("Authorization", "Basic YW5uOmFubg=="));
    assertEquals("ann", chat(bearer(good).query("ticket=x")).user());
    assertFalse(chat(handshake().query("ticket=" + ticket)).user().isEmpty());
  }

  @Test
  void aTokenIsRenewedOnALiveConnection() {
    String user = user();
    SuperchatClient client = pending();
    connected(client, token(user, 3));
    assertTrue(client.next("expiring").json().getInt("in") <= 3);
    client.send("{'type':'refresh','id':2,'token':'%s'}".formatted(token(user(), 60)));
    client.error("unauthenticated", 2);
    long end = now() + 6;
    String longer = token("'sub':'%s','exp':%d".formatted(user, end));
    JsonObject refreshed =
        client.ask("{'type':'refresh','id':3,'token':'%s'}".formatted(longer), "refreshed");
    assertEquals(end, Instant.parse(refreshed.getString("expires")).getEpochSecond());
    client.next("expiring");
    JsonObject bye = client.next("bye").json();
    assertEquals(4300, bye.getInt("code"), bye::toString);
    assertTrue(bye.getBoolean("reconnect"), bye::toString);
    assertTrue(now() >= end, "not before its time");
    assertTrue(now() <= end + 3, "and not long after");
    assertEquals(4300, client.socket().awaitClose(END).code());
  }

  @Test
  void chatEndsWithItsToken() {
    ChatClient ann = chat(bearer(token(user(), 2)));
    assertEquals(4300, ann.next("bye").getInt("code"));
    assertEquals(4300, ann.socket().awaitClose(END).code());
  }

  @ParameterizedTest
  @EnumSource(HttpPeer.How.class)
  void aSessionOverHttpEndsWithItsTokenToo(HttpPeer.How how) {
    HttpPeer peer = new HttpPeer(server(), this::socket, how);
    String user = user();
    peer.connect("{'type':'connect','id':1,'token':'%s'}".formatted(token(user, 3)), "");
    assertEquals("expiring", peer.next().getString("type"));
    JsonObject refreshed =
        peer.ask("{'type':'refresh','id':2,'token':'%s'}".formatted(token(user, 4)));
    assertEquals("refreshed", refreshed.getString("type"), refreshed::toString);
    assertEquals("expiring", peer.next().getString("type"));
    assertEquals(4300, peer.next().getInt("code"));
  }

  @Test
  void overHttpABadTokenIsAProblem() {
    for (String token : badTokens()) {
      HttpPeer peer = new HttpPeer(server(), this::socket, HttpPeer.How.POLLING);
      HttpReply reply =
          peer.post(
              server().path("/chat/sessions"),
              "{\"type\":\"connect\",\"id\":1,\"token\":\"%s\"}".formatted(token));
      JsonObject problem = assertProblem(401, reply);
      assertTrue(
          List.of("unauthenticated", "token-expired").contains(problem.getString("code")),
          problem::toString);
      assertTrue(reply.header("WWW-Authenticate").orElse("").startsWith("Bearer"), reply::toString);
      assertFalse(reply.toString().contains(token), reply::toString);
    }
    HttpPeer peer = new HttpPeer(server(), this::socket, HttpPeer.How.POLLING);
    HttpReply none = peer.post(server().path("/chat/sessions"), "{\"type\":\"connect\",\"id\":1}");
    assertEquals("unauthenticated", assertProblem(401, none).getString("code"));
  }

  @Test
  void noTokenIsEverLogged() {
    List<String> secrets = new ArrayList<>();
    for (String token : badTokens()) {
      secrets.add(token);
      exchange(bearer(token));
      exchange(handshake().offering("chat, bearer." + token));
      exchange(handshake().query("ticket=" + token));
      pending().send("{'type':'connect','id':1,'token':'%s'}".formatted(token)).next("error");
    }
    String user = user();
    String good = token(user, 60);
    String ticket = api().ticket(user, "Ann");
    secrets.add(good);
    secrets.add(ticket);
    chat(bearer(good)).join(room(), "Ann");
    chat(handshake().offering("chat, bearer." + good)).join(room(), "Ann");
    chat(handshake().query("ticket=" + ticket)).join(room(), "Ann");
    SuperchatClient client = pending();
    connected(client, good);
    client.ask("{'type':'refresh','id':2,'token':'%s'}".formatted(good), "refreshed");
    client.ask("{'type':'refresh','id':3,'token':'%s'}".formatted(badTokens().get(1)), "error");
    client.send("{'type':'connect','token':'%s'}".formatted(good)).next("error");
    String log = api().call(api().request("/test/log")).body();
    assertTrue(log.contains("handshake from"), "refusals are logged at DEBUG");
    for (String secret : secrets) {
      assertFalse(log.contains(secret), "a secret is in the log");
      String[] parts = secret.split("\\.", -1);
      String last = parts[parts.length - 1];
      assertFalse(last.length() > 8 && log.contains(last), "a signature is in the log");
    }
  }
}
