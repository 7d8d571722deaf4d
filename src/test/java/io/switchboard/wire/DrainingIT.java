package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/**
 * A node that is drained: who is there is told, who comes is refused, it says so to all, and it
 * serves on until it lets clients in again.
 */
class DrainingIT extends WireTest {
  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private int health(String which) {
    return api().call(api().request("/health/" + which).GET()).status();
  }

  @Test
  void aDrainingNodeSendsItsClientsAwayAndLetsNobodyInUntilThatIsEnded() throws Exception {
    ChatClient ann = chat();
    SuperchatClient bob = new SuperchatClient(websocket(handshake().offering("superchat")));
    bob.ask("{'type':'connect','id':1}", "connected");
    assertEquals(200, health("ready"));
    HttpReply begun = api().call(api().calling("POST", "/drain"));
    assertEquals(202, begun.status(), begun::toString);
    assertTrue(begun.json().getBoolean("draining"), begun::toString);
    assertEquals(2, begun.json().getInt("sessions"), begun::toString);
    Closing closing = ann.awaitClose(Duration.ofSeconds(10));
    assertEquals(4100, closing.code(), closing::toString);
    bob.next("drain");
    assertEquals(4100, bob.next("bye").json().getInt("code"));
    HttpReply refused = exchange(handshake());
    assertRefusal(503, refused, handshake());
    assertTrue(refused.header("Retry-After").isPresent(), refused::toString);
    assertEquals(503, health("ready"));
    assertEquals(200, health("live"));
    assertEquals(202, api().call(api().calling("POST", "/drain")).status(), "again");

    HttpReply ended = api().call(api().calling("DELETE", "/drain"));
    assertEquals(200, ended.status(), ended::toString);
    assertEquals(200, health("ready"));
    chat();
  }
}
