package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.http.HttpRequest;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Who guesses is soon not heard any more, and nobody else notices. */
class WrongKeysIT extends WireTest {
  private static final int BURST = 5;

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.wrong-keys.rate", "1",
        "switchboard.wrong-keys.burst", Integer.toString(BURST),
        "switchboard.trusted-proxies", "127.0.0.1,::1");
  }

  private HttpReply ask(String key, String from) {
    HttpRequest.Builder request =
        api()
            .request("/api/channels")
            .header("Authorization", "Bearer " + key)
            .header("X-Forwarded-For", from);
    return api().call(request.GET());
  }

  @Test
  void aGuesserGets429EvenWithTheRightKeyAndOthersDoNot() {
    String right = Api.generatedKey();
    Deadline deadline = Deadline.patient();
    // A new network for every try: whoever is slower than the rate is never stopped.
    int tries = 0;
    while (true) {
      String guesser = "2001:db8:0:" + Integer.toHexString(++tries) + "::";
      for (int i = 0; i < BURST; i++) {
        assertEquals(401, ask("wrong" + i, guesser + i).status());
      }
      HttpReply limited = ask(right, guesser + "ffff");
      if (limited.status() == 429) {
        assertProblem(429, limited);
        assertEquals("1", limited.header("Retry-After").orElse(""));
        break;
      }
      assertFalse(deadline.passed(), "the limit was never reached");
    }
    assertEquals(200, ask(right, "2001:db8:1::1").status());
    assertEquals(200, ask(right, "192.0.2.1").status());
  }

  @Test
  void rightKeysAndMissingOnesAreNoGuesses() {
    String right = Api.generatedKey();
    for (int i = 0; i < 3 * BURST; i++) {
      assertEquals(200, ask(right, "192.0.2.2").status());
      HttpRequest.Builder none =
          api().request("/api/channels").header("X-Forwarded-For", "192.0.2.2");
      assertEquals(401, api().call(none.GET()).status());
    }
    assertEquals(200, ask(right, "192.0.2.2").status());
  }
}
