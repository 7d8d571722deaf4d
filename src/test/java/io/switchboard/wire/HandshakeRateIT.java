package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Handshakes per address and second, made few. */
class HandshakeRateIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.handshakes.rate", "1", "switchboard.handshakes.burst", "3");
  }

  private HttpReply knock(String address) {
    RawSocket socket =
        closedAfterwards(RawSocket.connect(server(), RawSocket.Options.from(address)));
    return exchange(handshake(), socket);
  }

  @Test
  void anAddressThatKnocksTooOftenIsToldToWait() {
    for (int i = 0; i < 3; i++) {
      HttpReply reply = knock("127.0.0.20");
      assertEquals(101, reply.status(), reply::toString);
    }
    RawSocket socket =
        closedAfterwards(RawSocket.connect(server(), RawSocket.Options.from("127.0.0.20")));
    HttpReply refused = exchange(handshake(), socket);
    assertRefusal(429, refused, handshake());
    socket.assertEndedByServer();
    assertTrue(refused.header("Retry-After").orElse("").matches("[1-9]\\d*"), refused::toString);
    assertEquals(101, knock("127.0.0.21").status(), "another address is another matter");
    assertTrue(
        Deadline.patient().until(() -> knock("127.0.0.20").status() == 101), "it may come back");
  }

  @Test
  void whoGuessesTokensIsToldToWaitBeforeTheyAreLookedAt() {
    for (int i = 0; i < 3; i++) {
      assertEquals(401, guess("127.0.0.22").status());
    }
    HttpReply refused = guess("127.0.0.22");
    assertEquals(429, refused.status(), refused::toString);
    assertTrue(refused.header("Retry-After").orElse("").matches("[1-9]\\d*"), refused::toString);
  }

  private HttpReply guess(String address) {
    RawSocket socket =
        closedAfterwards(RawSocket.connect(server(), RawSocket.Options.from(address)));
    return exchange(handshake().with("Authorization", "Bearer not.a.token"), socket);
  }
}
