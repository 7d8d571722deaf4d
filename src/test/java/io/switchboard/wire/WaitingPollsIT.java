package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/**
 * Far more requests wait than the server has threads: 200 on Tomcat, 5 on GlassFish, whose heap as
 * it comes is for fewer.
 */
class WaitingPollsIT extends WireTest {
  private static final int POLLS =
      "glassfish".equals(System.getProperty("arquillian.launch")) ? 1_000 : 5_000;
  private static final int OPENERS = 4;

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.heartbeat.interval", "5m", "switchboard.http.timeout", "10m");
  }

  @Test
  void thousandsOfPollsWaitAndOneMoreRequestIsAnswered() {
    String channel = "room:" + room();
    List<Future<List<Waiting>>> opening = new ArrayList<>();
    for (int i = 0; i < OPENERS; i++) {
      opening.add(start(() -> waiting(channel, POLLS / OPENERS)));
    }
    List<Waiting> all = new ArrayList<>();
    opening.forEach(some -> all.addAll(result(some, 240)));
    assertEquals(200, api().get("/channels").status(), "there is a thread for one more request");
    api().published("{\"channel\":\"%s\",\"data\":\"now\"}".formatted(channel));
    for (Waiting one : all) {
      JsonObject message = one.message();
      assertEquals("now", message.getString("data"), message::toString);
    }
  }

  /** A poll that waits, on a connection of its own. */
  private final class Waiting {
    private final String request;
    private RawSocket socket;

    Waiting(RawSocket socket, String request) {
      this.socket = socket.send(request);
      this.request = request;
    }

    /**
     * The first message. On a slow machine the time of the first polls is over before the last ones
     * wait, and the server may have closed their idle connections: they are made again.
     */
    JsonObject message() {
      while (true) {
        try {
          JsonArray messages = socket.readHttp("GET").json().getJsonArray("messages");
          if (!messages.isEmpty()) {
            return messages.getJsonObject(0);
          }
          socket.send(request);
        } catch (PeerGone gone) {
          socket = socket().send(request);
        }
      }
    }
  }

  /** Begins sessions that listen on {@code channel}, each with a poll that waits. */
  private List<Waiting> waiting(String channel, int count) {
    String connect = "{\"type\":\"connect\",\"id\":1,\"subs\":{\"%s\":null}}".formatted(channel);
    List<Waiting> waiting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RawSocket socket = socket();
      String head = "%s %s HTTP/1.1\r\nHost: " + server().authority() + "\r\n";
      HttpReply session =
          socket
              .send(
                  head.formatted("POST", server().path("/chat/sessions"))
                      + "Content-Type: application/json\r\nContent-Length: "
                      + connect.length()
                      + "\r\n\r\n"
                      + connect)
              .readHttp("POST");
      String secret = session.json().getString("token");
      String request =
          head.formatted(
                  "GET", session.header("Location").orElseThrow() + "/messages?after=0&wait=30")
              + "Authorization: Bearer "
              + secret
              + "\r\n\r\n";
      waiting.add(new Waiting(socket, request));
    }
    return waiting;
  }
}
