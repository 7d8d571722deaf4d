package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Limits of users, channels and bodies, made small. */
class MoreLimitsIT extends WireTest {
  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        // The first two of a user read nothing, and shall stay.
        "switchboard.heartbeat.interval", "30m",
        "switchboard.sessions.per-user", "2",
        "switchboard.message.max-size", "1KiB",
        "switchboard.api.body-size", "8KiB",
        "switchboard.namespace.room.channel-rate", "1");
  }

  @Test
  void theNewestSessionTooManyOfAUserGoes() {
    String user = user();
    ChatClient first = chatAs(user, "A");
    ChatClient second = chatAs(user, "B");
    Closing closing = chatAs(user, "C").awaitClose(Duration.ofSeconds(10));
    assertEquals(4103, closing.code(), closing::toString);
    HttpReply refused =
        api()
            .call(
                api()
                    .request("/chat/sessions?ticket=" + api().ticket(user, "D"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"type\":\"connect\",\"id\":1}")));
    assertProblem(429, refused);
    assertEquals("2", refused.header("Retry-After").orElse(""), refused::toString);
    chatAs(user(), "E").assertNothingMore();
    first.assertNothingMore();
    second.close();
    assertTrue(
        Deadline.patient()
            .until(
                () -> {
                  ChatClient again = chatAs(user, "F");
                  again.send("type", "ping");
                  return again.next().getString("type").equals("pong");
                }),
        "a place that was given up is free");
  }

  @Test
  void whoIsTurnedAwayLeavesNothingBehind() {
    String user = user();
    ChatClient first = chatAs(user, "A");
    ChatClient second = chatAs(user, "B");
    for (int i = 0; i < 25; i++) {
      List<ChatClient> turnedAway = Stream.generate(() -> chatAs(user, "C")).limit(8).toList();
      for (ChatClient client : turnedAway) {
        assertEquals(4103, client.awaitClose(Duration.ofSeconds(10)).code());
        client.close();
      }
    }
    first.close();
    second.close();
    assertTrue(
        Deadline.patient().until(() -> api().get("/node").json().getInt("connections") == 0),
        () -> api().get("/node").toString());
  }

  @Test
  void aBodyIsOnlySoLong() {
    String pad = "x".repeat(500);
    String one = "{\"channel\":\"push:x\",\"data\":\"%s\"}".formatted(pad);
    HttpReply good = api().publish("[" + one + "]");
    assertEquals(200, good.status(), good::toString);
    JsonObject problem =
        assertProblem(413, api().publish("[" + (one + ",").repeat(20) + one + "]"));
    assertEquals("too-large", problem.getString("code"));
  }

  @Test
  void aChannelCarriesSoMuchAndAnotherIsAnotherMatter() {
    String room = room();
    ChatClient ann = chatAs(user(), "Ann");
    ann.join(room, "Ann");
    for (int i = 0; i < 3; i++) {
      ann.send("type", "say", "room", room, "text", "hi");
    }
    JsonObject answer = ann.next();
    while (answer.getString("type").equals("said")) {
      answer = ann.next();
    }
    assertEquals("rate-limited", answer.getString("code", ""), answer::toString);
    api().published("{\"channel\":\"room:%s\",\"data\":{\"text\":\"all\"}}".formatted(room));
    ChatClient bob = chatAs(user(), "Bob");
    String other = room();
    bob.join(other, "Bob");
    bob.say(other, "hi");
  }
}
