package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A PostgreSQL that is not there when the WAR is deployed, comes, is stopped and comes back.
 *
 * <p>Whatever was answered is there afterwards, whatever was not answered was refused, and nobody
 * has to do anything about it.
 */
class DatabaseAwayIT extends WireTest {
  /** Making connections anew takes a few pauses, which grow up to some seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int PORT = freePort();
  private static @Nullable Path data;
  private static @Nullable EmbeddedPostgres postgres;

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.engine",
        "jdbc",
        "switchboard.jdbc.url",
        "jdbc:postgresql://localhost:%d/postgres".formatted(PORT),
        "switchboard.jdbc.user",
        "postgres");
  }

  @AfterAll
  static void end() throws IOException {
    stopPostgres();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void startPostgres() throws IOException {
    if (data == null) {
      data = Files.createTempDirectory("switchboard-postgres-");
    }
    postgres =
        EmbeddedPostgres.builder()
            .setPort(PORT)
            .setDataDirectory(Objects.requireNonNull(data))
            .setCleanDataDirectory(false)
            .start();
  }

  private static void stopPostgres() throws IOException {
    if (postgres != null) {
      postgres.close();
      postgres = null;
    }
  }

  private HttpReply ready() {
    return api().call(api().request("/health/ready"));
  }

  private void awaitReady(int status) {
    assertTrue(Deadline.in(PATIENCE).until(() -> ready().status() == status), ready()::toString);
  }

  private RawWebSocket connected() {
    RawWebSocket socket = websocket(handshake().offering("superchat"));
    assertEquals(
        "connected", ask(socket, "{'type':'connect','id':1,'name':'Ann'}").getString("type"));
    return socket;
  }

  private static JsonObject ask(RawWebSocket socket, String command) {
    socket.send(Frame.text(command.replace('\'', '"')));
    return socket.nextJson(Deadline.in(PATIENCE));
  }

  private void assertUnavailable(String channel) {
    HttpReply down = ready();
    assertEquals(503, down.status(), down::toString);
    assertEquals("engine-unavailable", down.json().getString("reason"));
    assertEquals(200, api().call(api().request("/health/live")).status());

    HttpReply refused = api().publish(publication(channel));
    assertEquals("unavailable", assertProblem(503, refused).getString("code"));
    assertTrue(refused.header("Retry-After").isPresent(), refused::toString);

    RawWebSocket ann = connected();
    for (String command :
        new String[] {
          "{'type':'publish','id':2,'channel':'%s','data':1}",
          "{'type':'history','id':2,'channel':'%s'}",
          "{'type':'subscribe','id':2,'channel':'%s'}",
          "{'type':'subscribe','id':2,'channel':'%s','since':{'epoch':'e','offset':1}}",
          "{'type':'ack','channel':'%s','offset':1}",
        }) {
      JsonObject error = ask(ann, command.formatted(channel));
      assertEquals("unavailable", error.getString("code", ""), () -> command + error);
      assertTrue(error.getBoolean("retry"), error::toString);
    }
    ChatClient bob = chat();
    bob.send("type", "join", "room", room(), "name", "Bob");
    bob.next("joined");
    JsonObject error = bob.error("unavailable");
    assertTrue(error.getBoolean("retry"), error::toString);
  }

  private static String publication(String channel) {
    return "{\"channel\":\"%s\",\"data\":{\"text\":\"hi\"}}".formatted(channel);
  }

  @Test
  void atTheStartAndLater() throws IOException {
    String channel = "room:" + room();
    assertUnavailable(channel);
    startPostgres();
    awaitReady(200);
    RawWebSocket ann = connected();
    JsonObject subscribed =
        ask(ann, "{'type':'subscribe','id':2,'channel':'%s'}".formatted(channel));
    assertEquals("subscribed", subscribed.getString("type"), subscribed::toString);
    for (int offset = 1; offset <= 3; offset++) {
      JsonObject published = api().published(publication(channel));
      assertEquals(offset, published.getInt("offset"), published::toString);
      assertEquals(offset, ann.nextJson().getInt("offset"));
    }

    stopPostgres();
    awaitReady(503);
    assertUnavailable(channel);

    startPostgres();
    awaitReady(200);
    JsonObject fourth = api().published(publication(channel));
    assertEquals(4, fourth.getInt("offset"), fourth::toString);
    assertEquals(subscribed.getString("epoch"), fourth.getString("epoch"));
    assertEquals(4, ann.nextJson().getInt("offset"), "who listened goes on listening");
    JsonObject history = ask(ann, "{'type':'history','id':9,'channel':'%s'}".formatted(channel));
    assertEquals(4, history.getJsonArray("publications").size(), history::toString);
  }
}
