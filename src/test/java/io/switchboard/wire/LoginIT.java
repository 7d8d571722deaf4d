package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users whom the container itself logs in, by BASIC, and the end of their log-in. */
class LoginIT extends WireTest {
  private static final String ANN = basic("ann", "ann-of-the-tests");
  private static final Duration END = Duration.ofSeconds(5);

  /** What a team writes into its web.xml. */
  private static final String LOGIN =
      """
        <security-constraint>
          <web-resource-collection>
            <web-resource-name>all that knows users</web-resource-name>
            <url-pattern>/chat</url-pattern>
            <url-pattern>/chat/sessions</url-pattern>
            <url-pattern>/test/login/*</url-pattern>
          </web-resource-collection>
          <auth-constraint>
            <role-name>member</role-name>
          </auth-constraint>
        </security-constraint>
        <login-config>
          <auth-method>BASIC</auth-method>
          <realm-name>file</realm-name>
        </login-config>
        <security-role>
          <role-name>member</role-name>
        </security-role>
        <security-role>
          <role-name>support</role-name>
        </security-role>
        <security-role>
          <role-name>switchboard:read</role-name>
        </security-role>
        <security-role>
          <role-name>switchboard:admin</role-name>
        </security-role>
      """;

  /** Whose roles these are, and that HttpSessions that timed out are looked for often. */
  private static final String GLASSFISH =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <glassfish-web-app>
        <security-role-mapping>
          <role-name>member</role-name>
          <group-name>member</group-name>
        </security-role-mapping>
        <security-role-mapping>
          <role-name>support</role-name>
          <group-name>support</group-name>
        </security-role-mapping>
        <security-role-mapping>
          <role-name>switchboard:read</role-name>
          <group-name>switchboard:read</group-name>
        </security-role-mapping>
        <session-config>
          <session-manager>
            <manager-properties>
              <property name="reapIntervalSeconds" value="2"/>
            </manager-properties>
          </session-manager>
        </session-config>
      </glassfish-web-app>
      """;

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.withWebXml(
            LOGIN,
            "switchboard.origins",
            "*",
            "switchboard.guests",
            "false",
            "switchboard.roles",
            "support, boss")
        .addClass(LoginServlet.class)
        .addAsWebInfResource(new StringAsset(GLASSFISH), "glassfish-web.xml");
  }

  private static String basic(String user, String password) {
    String text = user + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Handshake asAnn() {
    return handshake().with("Authorization", ANN);
  }

  /** Asks the application for something; {@code cookie} is empty where there is none yet. */
  private HttpReply ask(String what, String cookie) {
    var request = api().request("/test/login" + what).header("Authorization", ANN);
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    HttpReply reply = api().call(request);
    assertEquals(200, reply.status(), reply::toString);
    return reply;
  }

  private static String cookie(HttpReply reply, String before) {
    return reply.header("Set-Cookie").map(cookie -> cookie.split(";", 2)[0]).orElse(before);
  }

  /** Returns the cookie of a new log-in, which Tomcat gives another id when it shows up again. */
  private String logIn() {
    String cookie = cookie(ask("/in", ""), "");
    assertFalse(cookie.isEmpty());
    return cookie(ask("/in", cookie), cookie);
  }

  @Test
  void theContainersUserIsTakenOverWithItsRoles() {
    ChatClient ann = chat(asAnn());
    assertEquals("ann", ann.user());
    String known = ask("/", "").body();
    assertTrue(known.contains("[support] false"), known);
    ann.send("type", "handshake");
    assertFalse(ann.next("handshake").toString().contains("Basic"));
  }

  /** Calls the server API as whom the container has logged in; {@code origin} may be empty. */
  private HttpReply api(String method, String path, String cookie, String origin) {
    var request = api().request(path).header("Cookie", cookie);
    if (!origin.isEmpty()) {
      request.header("Origin", origin);
    }
    if (method.equals("POST")) {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString("{\"channel\":\"room:x\",\"data\":1}"));
    }
    return api().call(request);
  }

  @Test
  void aRoleOfTheContainerIsAScopeOfTheServerApi() {
    String cookie = logIn();
    String own = server().origin();
    HttpReply node = api("GET", "/api/node", cookie, own);
    assertEquals(200, node.status(), node::toString);
    assertEquals(403, api("GET", "/api/node", cookie, "https://evil.example").status());
    HttpReply published = api("POST", "/api/publish", cookie, own);
    assertEquals(403, published.status());
    assertTrue(published.body().contains("expected a key with publish"), published::toString);
    HttpReply hidden = api("POST", "/api/publish", cookie, "");
    assertEquals(403, hidden.status());
    assertTrue(hidden.body().contains("Origin: expected"), hidden::toString);
  }

  @Test
  void theContainerRefusesWhomItDoesNotKnow() {
    assertEquals(401, exchange(handshake()).status());
    assertEquals(401, exchange(handshake().with("Authorization", basic("ann", "wrong"))).status());
  }

  @Test
  void aPageOfAnotherHostDoesNotRideOnTheLogIn() {
    assertRefused(403, asAnn().origin("https://evil.example"));
    assertRefused(403, asAnn().origin("null"));
    assertRefused(403, asAnn().with("Cookie", logIn()).origin("https://evil.example"));
    assertEquals("ann", chat(asAnn().origin(server().origin())).user());
    HttpReply overHttp =
        api()
            .call(
                api()
                    .request("/chat/sessions")
                    .header("Authorization", ANN)
                    .header("Origin", "https://evil.example")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"connect\",\"id\":1}")));
    assertEquals(403, overHttp.status(), overHttp::toString);
  }

  @Test
  void whoHasNoHttpSessionGetsNone() {
    HttpReply reply = exchange(asAnn());
    assertEquals(101, reply.status());
    assertTrue(reply.header("Set-Cookie").isEmpty(), reply::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "superchat"})
  void logOutEndsTheSessionsOfThatLogIn(String subprotocol) {
    String cookie = logIn();
    String other = logIn();
    RawWebSocket one = websocket(asAnn().offering(subprotocol).with("Cookie", cookie));
    RawWebSocket two = websocket(asAnn().offering("chat").with("Cookie", other));
    assertEquals("welcome", two.nextJson().getString("type"));
    ask("/out", cookie);
    Closing closing = one.awaitClose(END);
    assertEquals(4301, closing.code(), closing::toString);
    two.send(Frame.text("{\"type\":\"ping\"}"));
    assertEquals("pong", two.nextJson().getString("type"));
    ask("/out", other);
    assertEquals(4301, two.awaitClose(END).code());
  }

  @Test
  void aNewIdIsTheSameLogIn() {
    String cookie = logIn();
    RawWebSocket ann = websocket(asAnn().with("Cookie", cookie));
    assertEquals("welcome", ann.nextJson().getString("type"));
    String renamed = cookie(ask("/rename", cookie), "");
    ann.send(Frame.text("{\"type\":\"ping\"}"));
    assertEquals("pong", ann.nextJson().getString("type"));
    ask("/out", renamed);
    assertEquals(4301, ann.awaitClose(END).code());
  }

  /** For GlassFish an open WebSocket is a request under way, and an HttpSession in use stays. */
  @Test
  void theHttpSessionsTimeoutIsTheEndToo() {
    String cookie = logIn();
    RawWebSocket ann = websocket(asAnn().with("Cookie", cookie));
    assertEquals("welcome", ann.nextJson().getString("type"));
    String other = logIn();
    HttpReply begun = begin(other);
    ask("/short", cookie);
    ask("/short", other);
    // Containers look for what has timed out now and then; these do every few seconds.
    assertEquals(List.of(4301), codes(begun, 25));
    if (ON_GLASSFISH) {
      ann.send(Frame.text("{\"type\":\"ping\"}"));
      assertEquals("pong", ann.nextJson().getString("type"));
      ask("/out", cookie);
    }
    assertEquals(4301, ann.awaitClose(Duration.ofSeconds(30)).code());
  }

  @Test
  void overHttpTheLogInsEndIsToldToo() {
    String cookie = logIn();
    HttpReply begun = begin(cookie);
    ask("/out", cookie);
    assertEquals(List.of(4301), codes(begun, 5));
  }

  /** Begins a session over HTTP. */
  private HttpReply begin(String cookie) {
    HttpReply begun =
        api()
            .call(
                api()
                    .request("/chat/sessions")
                    .header("Authorization", ANN)
                    .header("Cookie", cookie)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"connect\",\"id\":1}")));
    assertEquals(201, begun.status(), begun::toString);
    assertEquals("ann", begun.json().getString("user"));
    return begun;
  }

  /** Waits for so many seconds for what ends a session over HTTP; returns the codes. */
  private List<Integer> codes(HttpReply begun, int seconds) {
    HttpReply told =
        api()
            .call(
                api()
                    .request(
                        "/chat/sessions/%s/messages?wait=%d&after=0"
                            .formatted(begun.json().getString("session"), seconds))
                    .header("Authorization", "Bearer " + begun.json().getString("token")));
    assertEquals(200, told.status(), told::toString);
    return told.json().getJsonArray("messages").stream()
        .map(message -> message.asJsonObject().getInt("code", 0))
        .toList();
  }
}
