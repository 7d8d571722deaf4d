package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Who lives and who does not, where there are only requests; with a short heartbeat. */
class HttpHeartbeatIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.heartbeat.interval",
        "1s",
        "switchboard.heartbeat.timeout",
        "1s",
        "switchboard.http.timeout",
        "3s");
  }

  private HttpPeer connected(HttpPeer.How how) {
    HttpPeer peer = new HttpPeer(server(), this::socket, how);
    peer.connect("{'type':'connect','id':1}", "");
    return peer;
  }

  private boolean isGone(HttpPeer peer) {
    String id = peer.path().substring(peer.path().lastIndexOf('/') + 1);
    return Deadline.patient().until(() -> api().get("/sessions/" + id).status() == 404);
  }

  @Test
  void whoMakesNoRequestIsGone() {
    HttpPeer peer = connected(HttpPeer.How.POLLING);
    assertTrue(isGone(peer));
    HttpReply reply = peer.post(peer.path(), "{\"type\":\"ping\",\"id\":2}");
    assertEquals(410, reply.status(), reply::toString);
  }

  @Test
  void whoListensByAStreamAndNeverAnswersIsToldGoodbye() {
    HttpPeer peer = connected(HttpPeer.How.SSE);
    JsonObject bye = peer.bye();
    assertEquals(4201, bye.getInt("code"), bye::toString);
    assertTrue(bye.getBoolean("reconnect"), bye::toString);
  }

  @Test
  void pollsAreSignsOfLife() {
    HttpPeer peer = connected(HttpPeer.How.LONGPOLL);
    Deadline fiveSeconds = Deadline.in(java.time.Duration.ofSeconds(5));
    long after = 0;
    while (!fiveSeconds.passed()) {
      RawSocket socket = socket();
      HttpReply reply =
          socket
              .send(peer.head("GET", peer.path() + "/messages?wait=1&after=" + after) + "\r\n")
              .readHttp("GET");
      assertEquals(200, reply.status(), reply::toString);
      after = reply.json().getInt("next");
    }
    assertTrue(after > 0, "the heartbeat was heard");
    assertEquals("pong", peer.ask("{'type':'ping','id':2}").getString("type"));
  }
}
