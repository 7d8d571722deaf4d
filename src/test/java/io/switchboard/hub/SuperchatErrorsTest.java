package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.switchboard.auth.Identity;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import jakarta.json.JsonObject;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code superchat} says no, and that it says which command it means. */
class SuperchatErrorsTest {
  private final TestNode node = new TestNode(3);

  private Client open() {
    return node.connect(node.superchat, new Identity("guest-ann", true));
  }

  private Client connected() {
    Client client = open();
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    return client;
  }

  private static JsonObject assertError(Client client, String code, int re) {
    JsonObject error = client.next("error");
    assertEquals(code, error.getString("code"), error::toString);
    assertEquals(re, error.getInt("re"), error::toString);
    return error;
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'subscribe','id':7,'channel':'room:a','token':'x'}",
        "{'type':'refresh','id':7,'token':'x'}"
      })
  void credentialsAreRefusedInOneWay(String command) {
    Client ann = connected();
    ann.sayAndSettle(command);
    JsonObject error = assertError(ann, "unauthenticated", 7);
    assertEquals("token: no tokens are accepted here", error.getString("message"));
    assertFalse(error.getBoolean("retry"));
    ann.sayAndSettle("{'type':'subscribe','id':8,'channel':'room:a'}");
    ann.next("subscribed");
  }

  @Test
  void whoConnectsWithATokenMayConnectWithoutOne() {
    Client ann = open();
    ann.sayAndSettle("{'type':'connect','id':1,'token':'x'}");
    JsonObject error = assertError(ann, "unauthenticated", 1);
    assertEquals("token: no tokens are accepted here", error.getString("message"));
    ann.sayAndSettle("{'type':'connect','id':2}");
    ann.next("connected");
  }

  @Test
  void aHistoryOfAnotherLogIsRefused() {
    Client ann = connected();
    ann.sayAndSettle(
        "{'type':'history','id':7,'channel':'room:a','since':{'epoch':'x','offset':0}}");
    JsonObject error = assertError(ann, "unrecoverable-position", 7);
    assertEquals("since: the log was begun anew, its epoch is e", error.getString("message"));
  }

  @Test
  void eachCommandBeyondTheRateIsToldSoByItsId() {
    Client ann = connected();
    String batch =
        IntStream.rangeClosed(2, 1_002)
            .mapToObj(id -> "{'type':'ping','id':%d}".formatted(id))
            .collect(Collectors.joining(",", "[", "]"));
    ann.sayAndSettle(batch);
    for (int id = 2; id <= 1_000; id++) {
      assertEquals(id, ann.next("pong").getInt("re"));
    }
    for (int id = 1_001; id <= 1_002; id++) {
      JsonObject error = assertError(ann, "rate-limited", id);
      assertEquals(6, error.getInt("retryAfter"));
    }
    ann.sayAndSettle("{'type':'ping','id':2000}");
    assertError(ann, "rate-limited", 2_000);
    ann.assertNothingMore();
  }

  @Test
  void aNodeThatGoesDownSaysWhenToComeBack() {
    Client ann = connected();
    Client bob = node.connect(node.chat, new Identity("guest-bob", true));
    bob.next("welcome");
    var drained = node.registry.drain();
    node.workers.runAll();
    JsonObject drain = ann.next("drain");
    assertEquals(2_000, drain.getInt("after"));
    assertEquals(10_000, drain.getInt("within"));
    JsonObject bye = ann.next("bye");
    assertEquals(4100, bye.getInt("code"));
    assertEquals(2_000, bye.getInt("after"));
    ann.assertNothingMore();
    assertFalse(bob.next("bye").containsKey("after"));
    assertFalse(drained.isDone());
  }
}
