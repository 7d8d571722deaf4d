package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** A reader that stops reading, and goes on later: with a log behind the channel, and without. */
class SlowReaderIT extends WireTest {
  /** More than the queue, the window and the socket hold together. */
  private static final int MESSAGES = 400;

  private static final String PAD = "x".repeat(16 * 1024);

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private RawWebSocket subscribed(RawSocket.Options options, String channel) {
    RawSocket socket = closedAfterwards(RawSocket.connect(server(), options));
    RawWebSocket reader =
        closedAfterwards(RawWebSocket.open(socket, handshake().offering("superchat")));
    reader.send(
        Frame.text("{\"type\":\"connect\",\"id\":1,\"subs\":{\"%s\":null}}".formatted(channel)));
    assertEquals("connected", reader.nextJson().getString("type"));
    return reader;
  }

  private static void publish(Api api, String channel, int n) {
    api.published(
        "{\"channel\":\"%s\",\"data\":{\"n\":%d,\"pad\":\"%s\"}}".formatted(channel, n, PAD));
  }

  @Test
  void isCaughtUpFromTheLogInOrderWhileOthersReadOn() {
    String channel = "room:" + room();
    RawWebSocket slow = subscribed(RawSocket.Options.smallWindow(), channel);
    RawWebSocket healthy = subscribed(RawSocket.Options.DEFAULT, channel);
    Api api = api();
    for (int n = 1; n <= MESSAGES; n++) {
      publish(api, channel, n);
      assertEquals(n, healthy.nextJson().getInt("offset"));
    }
    // Only now does anybody read for the slow one.
    for (int n = 1; n <= MESSAGES; n++) {
      JsonObject publication = slow.nextJson(Deadline.patient());
      assertEquals("publication", publication.getString("type"));
      assertEquals(n, publication.getInt("offset"));
      assertEquals(n, publication.getJsonObject("data").getInt("n"));
    }
    publish(api, channel, MESSAGES + 1);
    assertEquals(MESSAGES + 1, slow.nextJson().getInt("offset"));
    assertEquals(MESSAGES + 1, healthy.nextJson().getInt("offset"));
  }

  @Test
  void isToldTheNewestWhereThereIsNoLog() {
    String channel = "live:" + room();
    RawWebSocket slow = subscribed(RawSocket.Options.smallWindow(), channel);
    Api api = api();
    for (int n = 1; n <= MESSAGES; n++) {
      publish(api, channel, n);
    }
    int last = 0;
    int count = 0;
    Deadline deadline = Deadline.in(Duration.ofSeconds(30));
    while (last < MESSAGES) {
      JsonObject publication = slow.nextJson(deadline);
      assertEquals("publication", publication.getString("type"));
      assertTrue(publication.getInt("offset") > last, publication::toString);
      last = publication.getInt("offset");
      count++;
    }
    assertTrue(count < MESSAGES, "nothing was left out, so nothing was shown");
    publish(api, channel, MESSAGES + 1);
    assertEquals(MESSAGES + 1, slow.nextJson().getInt("offset"));
  }
}
