package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three hundred clients that begin a request and do not go on, more than any container has threads.
 * The others must not notice.
 */
class SlowRequestsIT extends WireTest {
  private static final int CLIENTS = 300;

  /**
   * On a busy machine. Whose thread is waited for by a container waits twice as long, or for ever.
   */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final Duration TIMEOUT = Duration.ofSeconds(6);

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard("switchboard.http.request-timeout", TIMEOUT.toSeconds() + "s");
  }

  /** What is begun. */
  enum Begun {
    HANDSHAKE("GET", "/chat", "Upgrade: websocket\r\nX-Slow: ", false, ""),
    HANDSHAKE_WITH_A_BODY("GET", "/chat", "Content-Length: 100\r\n", true, "x"),
    BODY_OF_A_SESSION(
        "POST",
        "/chat/sessions",
        "Content-Type: application/json\r\nContent-Length: 100\r\n",
        true,
        "{"),
    REFUSED_BODY_OF_A_SESSION(
        "POST", "/chat/sessions", "Content-Type: text/plain\r\nContent-Length: 100\r\n", true, "{"),
    BODY_OF_A_CALL(
        "POST",
        "/api/publish",
        "Content-Type: application/json\r\nContent-Length: 100\r\nAuthorization: Bearer KEY\r\n",
        true,
        "{"),
    CHUNKED_BODY_OF_A_CALL(
        "POST",
        "/api/publish",
        String.join(
            "\r\n",
            "Content-Type: application/json",
            "Transfer-Encoding: chunked",
            "Authorization: Bearer KEY",
            ""),
        true,
        "1\r\n{\r\n"),
    BODY_OF_A_CALL_WITHOUT_THE_KEY("POST", "/api/publish", "Content-Length: 100\r\n", true, "{"),
    BODY_OF_A_LAB_RUN(
        "POST", "/lab/runs", "Content-Type: application/json\r\nContent-Length: 100\r\n", true, "");

    private final String method;
    private final String path;
    private final String headers;
    private final boolean whole;
    private final String body;

    Begun(String method, String path, String headers, boolean whole, String body) {
      this.method = method;
      this.path = path;
      this.headers = headers;
      this.whole = whole;
      this.body = body;
    }

    String text(Target server) {
      return "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s%s"
          .formatted(
              method,
              server.path(path),
              server.authority(),
              headers.replace("KEY", Api.generatedKey()),
              whole ? "\r\n" : "",
              body);
    }
  }

  private void assertServedSoon(Begun begun) {
    long start = System.nanoTime();
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    ann.say(room, "hello");
    assertTrue(
        api()
            .published("{\"channel\":\"room:%s\",\"data\":{\"text\":\"x\"}}".formatted(room))
            .containsKey("offset"));
    HttpPeer peer = new HttpPeer(server(), this::socket, HttpPeer.How.POLLING);
    peer.connect("{'type':'connect','id':1}", "");
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(SOON) < 0, () -> begun + ": the others waited for " + took);
  }

  @ParameterizedTest
  @EnumSource(Begun.class)
  void othersAreServedMeanwhile(Begun begun) {
    List<RawSocket> slow = new ArrayList<>();
    String text = begun.text(server());
    for (int i = 0; i < CLIENTS; i++) {
      slow.add(socket().send(text));
    }
    assertServedSoon(begun);
    slow.forEach(RawSocket::close);
  }

  @Test
  void aBodyThatDripsIsGivenUp() {
    for (Begun begun : List.of(Begun.BODY_OF_A_SESSION, Begun.BODY_OF_A_CALL)) {
      RawSocket socket = socket().send(begun.text(server()));
      Deadline given = Deadline.in(TIMEOUT.multipliedBy(3));
      int status = 0;
      while (status == 0 && !given.passed()) {
        try {
          if (socket.hasByte(Deadline.in(Duration.ofMillis(500)))) {
            status = socket.readHttp("POST").status();
          } else {
            socket.send(" ");
          }
        } catch (PeerGone gone) {
          status = 408; // a container may close without an answer
        }
      }
      assertEquals(408, status, begun + " was waited for");
    }
  }
}
