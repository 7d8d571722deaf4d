package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** A node that goes down: who is there is told, who comes is refused, and it says so to all. */
class DrainingIT extends WireTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard().addClass(DrainServlet.class);
  }

  private HttpResponse<String> get(String below) throws Exception {
    URI uri = URI.create("http://" + server().authority() + server().path(below));
    return http.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
        BodyHandlers.ofString());
  }

  @Test
  void aDrainingNodeSendsItsClientsAwayAndLetsNobodyIn() throws Exception {
    ChatClient ann = chat();
    SuperchatClient bob = new SuperchatClient(websocket(handshake().offering("superchat")));
    bob.ask("{'type':'connect','id':1}", "connected");
    assertEquals(200, get("/health/ready").statusCode());
    assertEquals(202, get("/test/drain").statusCode());
    Closing closing = ann.awaitClose(Duration.ofSeconds(10));
    assertEquals(4100, closing.code(), closing::toString);
    bob.next("drain");
    assertEquals(4100, bob.next("bye").json().getInt("code"));
    HttpReply refused = exchange(handshake());
    assertRefusal(503, refused, handshake());
    assertTrue(refused.header("Retry-After").isPresent(), refused::toString);
    assertEquals(503, get("/health/ready").statusCode());
    assertEquals(200, get("/health/live").statusCode());
  }
}
