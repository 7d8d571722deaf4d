package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A page of another site that has the browser of a logged-in user connect: it sends the user's
 * cookies along, and the container knows the user by them. Every door is tried with every origin.
 */
class CrossSiteIT extends WireTest {
  private static final String HOST = "chat.example:8080";
  private static final String CONNECT = "{\"type\":\"connect\",\"id\":1}";
  private static final String LOGGED_IN =
      KnownUserFilter.HEADER + ": ann\r\nCookie: JSESSIONID=0123456789abcdef\r\n";

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.withKnownUsers();
  }

  static Stream<String> foreign() {
    return Stream.of(
        "null",
        "http://evil.example",
        "https://chat.example", // another port
        "http://chat.example:8081",
        "http://chat.example:80800",
        "http://chat.example:08080",
        "http://chat.example:8080.evil.example", // a prefix
        "http://chat.example.evil.example:8080",
        "http://evilchat.example:8080", // a suffix
        "http://evil.chat.example:8080",
        "http://chat.example:8080@evil.example:8080", // user information
        "http://evil.example@chat.example:8080",
        "http://evil.example:8080#chat.example:8080",
        "http://evil.example:8080?chat.example:8080",
        "http://evil.example\\chat.example:8080",
        "http://chat.example:8080/", // an origin has no path
        "http://chat.example.:8080", // a dot at the end
        "http://xn--cht-5cd.example:8080", // a Cyrillic a, as browsers write it
        "http://ch\u0430t.example:8080", // and as they do not
        "http://chat\u3002example:8080", // a full stop that browsers take for a dot
        "http://CHAT.EXAMPLE:8081",
        "ws://chat.example:8080",
        "chrome-extension://chat.example:8080",
        "file://",
        "http://chat.example:8080 http://evil.example",
        "http://evil.example, http://chat.example:8080",
        "*");
  }

  private HttpReply send(String method, String origins, String more, String body) {
    String request =
        "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s%s\r\n%s"
            .formatted(
                method,
                server().path("/chat/sessions"),
                HOST,
                origins,
                more,
                body.isEmpty()
                    ? ""
                    : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n",
                body);
    return socket().send(request.getBytes(StandardCharsets.UTF_8)).readHttp(method);
  }

  private static String header(String origin) {
    return "Origin: " + origin + "\r\n";
  }

  private Handshake upgrade() {
    return handshake().with("Host", HOST);
  }

  private static void assertNothingIsAllowed(HttpReply reply) {
    WireTest.assertProblem(403, reply);
    assertTrue(reply.all("Access-Control-Allow-Origin").isEmpty(), reply::toString);
    assertTrue(reply.all("Access-Control-Allow-Methods").isEmpty(), reply::toString);
    assertTrue(reply.all("Access-Control-Allow-Credentials").isEmpty(), reply::toString);
    assertTrue(reply.all("Location").isEmpty(), reply::toString);
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void noDoorOpensToAnotherSite(String origin) {
    assertRefused(403, upgrade().origin(origin));
    assertRefused(
        403,
        upgrade()
            .origin(origin)
            .with(KnownUserFilter.HEADER, "ann")
            .with("Cookie", "JSESSIONID=0123456789abcdef"));
    for (String credentials : List.of("", LOGGED_IN)) {
      assertNothingIsAllowed(send("POST", header(origin), credentials, CONNECT));
      String asked = "Access-Control-Request-Method: POST\r\n" + credentials;
      assertNothingIsAllowed(send("OPTIONS", header(origin), asked, ""));
    }
  }

  @Test
  void twoOriginsAreNone() {
    String here = "http://" + HOST;
    Handshake twice = upgrade().origin(here).and("Origin", "http://evil.example");
    assertRefused(403, twice);
    assertRefused(403, upgrade().origin("http://evil.example").and("Origin", here));
    assertRefused(403, upgrade().origin(here).and("Origin", here));
    for (String first : List.of(here, "http://evil.example")) {
      String both = header(first) + header(here);
      assertNothingIsAllowed(send("POST", both, LOGGED_IN, CONNECT));
      assertNothingIsAllowed(send("OPTIONS", both, "Access-Control-Request-Method: POST\r\n", ""));
    }
  }

  @Test
  void theOwnSiteIsLetInByEveryDoor() {
    String here = "http://" + HOST;
    Handshake ann = upgrade().origin(here).with(KnownUserFilter.HEADER, "ann");
    assertEquals("ann", chat(ann).user());
    HttpReply session = send("POST", header(here), LOGGED_IN, CONNECT);
    assertEquals(201, session.status(), session::toString);
    assertEquals("ann", session.json().getString("user"));
    HttpReply preflight =
        send("OPTIONS", header(here), "Access-Control-Request-Method: POST\r\n", "");
    assertEquals(204, preflight.status(), preflight::toString);
    assertEquals(here, preflight.header("Access-Control-Allow-Origin").orElse(""));
    assertTrue(
        preflight.all("Access-Control-Allow-Credentials").isEmpty(), "cookies do not travel");
  }

  /** What a form of another site can send, which asks nobody beforehand. */
  @Test
  void aFormBeginsNoSession() {
    for (String type :
        List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
      String content =
          "Content-Type: %s\r\nContent-Length: %d\r\n".formatted(type, CONNECT.length());
      String request =
          "POST %s HTTP/1.1\r\nHost: %s\r\n%s%s\r\n%s"
              .formatted(server().path("/chat/sessions"), HOST, LOGGED_IN, content, CONNECT);
      assertProblem(415, socket().send(request).readHttp("POST"));
    }
  }
}
