package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Line breaks where they would begin a header of an answer, or a line of a log. */
class InjectionIT extends WireTest {
  private static final String CONNECT = "{\"type\":\"connect\",\"id\":1}";

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard()
        .addClass(LogServlet.class)
        .addClass("io.switchboard.wire.LogServlet$Kept");
  }

  private HttpReply send(String method, String path, String headers, String body) {
    return socket()
        .send(
            "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(
                    method,
                    server().path(path),
                    server().authority(),
                    headers,
                    body.getBytes(StandardCharsets.UTF_8).length,
                    body))
        .readHttp(method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%0d%0aX-Evil:%20yes",
        "%0aX-Evil:%20yes",
        "%0dX-Evil:%20yes",
        "%E5%98%8A%E5%98%8DX-Evil:%20yes", // characters whose low bytes are CR and LF
        "%c0%8a%c0%8dX-Evil:%20yes", // overlong
      })
  void noHeaderIsPutIntoAnAnswer(String evil) {
    String key = "Authorization: Bearer " + Api.generatedKey() + "\r\n";
    List<HttpReply> replies =
        List.of(
            send("POST", "/chat/sessions;x=" + evil, "", CONNECT),
            send("POST", "/chat/sessions?x=" + evil, "", CONNECT),
            send("POST", "/chat/sessions?ticket=" + evil, "", CONNECT),
            send("POST", "/chat/sessions/" + evil, "", CONNECT),
            send("GET", "/chat/sessions/x/messages?after=" + evil, "", ""),
            send("GET", "/chat?ticket=" + evil, "", ""),
            send("GET", "/" + evil, "", ""),
            send("GET", "/api/channels/room/" + evil, key, ""),
            send("GET", "/api/channels?limit=" + evil, key, ""),
            send("POST", "/api/users/" + evil + "/push", key, "{\"data\":1}"),
            send("GET", "/lab/runs/" + evil, "", ""));
    for (HttpReply reply : replies) {
      assertTrue(reply.all("X-Evil").isEmpty(), reply::toString);
      assertFalse(reply.body().startsWith("X-Evil"), reply::toString);
      assertTrue(
          reply.headers().stream().noneMatch(one -> one.value().matches("(?s).*[\\r\\n].*")),
          reply::toString);
    }
  }

  private static Path log() {
    Path home = Path.of(Objects.requireNonNull(System.getProperty("server.home")));
    return System.getProperty("arquillian.launch", "").equals("glassfish")
        ? home.resolve("glassfish/domains/domain1/logs")
        : home.resolve("logs");
  }

  /** What the server has written, and what Switchboard has said at any level. */
  private List<String> logged() {
    String said = api().call(api().request("/test/log")).body();
    assertTrue(said.contains("handshake from"), "refusals are logged at DEBUG");
    try (Stream<Path> files = Files.walk(log())) {
      StringBuilder all = new StringBuilder(said);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1)).append('\n');
      }
      return List.of(all.toString().split("[\\r\\n\\u0085\\u000b\\u000c]"));
    } catch (IOException e) {
      throw new UncheckedIOException("no log of the server", e);
    }
  }

  /** Whatever the server logs of these, nobody forges a line of its log with them. */
  @Test
  void noLineIsPutIntoTheLog() {
    String mark = "FORGED-" + UUID.randomUUID();
    String evil = "x\r\n" + mark + " SEVERE everything is lost\n" + mark + "\u0085" + mark;
    String escaped = evil.replace("\r", "\\r").replace("\n", "\\n").replace("\u0085", "\\u0085");
    String encoded = "x%0d%0a" + mark + "%0a" + mark;
    ChatClient ann = chat();
    ann.send("{\"type\":\"join\",\"room\":\"%s\",\"name\":\"Ann\"}".formatted(room()));
    ann.send("{\"type\":\"join\",\"room\":\"%s\",\"name\":\"x\"}".formatted(escaped));
    ann.send("{\"type\":\"join\",\"room\":\"%s\",\"name\":\"%s\"}".formatted(room(), escaped));
    ann.send("{\"type\":\"%s\"}".formatted(escaped));
    api().post("/tickets", "{\"user\":\"%s\"}".formatted(escaped));
    api().post("/tickets", "{\"user\":\"ann\",\"name\":\"%s\"}".formatted(escaped));
    String user = user();
    ChatClient bob = chatAs(user, "Bob");
    api().post("/users/" + user + "/disconnect", "{\"reason\":\"%s\"}".formatted(escaped));
    api().post("/users/" + user + "/disconnect", "{\"reason\":\"an end\"}");
    assertEquals(4004, bob.socket().awaitClose(Deadline.PATIENCE).code());
    api().get("/channels/room/" + encoded);
    api().get("/sessions/" + encoded);
    api().post("/publish", "{\"channel\":\"room:%s\",\"data\":1}".formatted(escaped));
    send("POST", "/chat/sessions", "User-Agent: " + mark + "\t\u0085" + mark + "\r\n", CONNECT);
    send("POST", "/chat/sessions/" + encoded, "", CONNECT);
    exchange(handshake().query("ticket=" + encoded));
    exchange(handshake().offering("bearer." + mark));
    RawWebSocket app = websocket(handshake().offering("superchat"));
    app.send(
        Frame.text("{\"type\":\"connect\",\"id\":1,\"client\":\"%s\"}".formatted(escaped)),
        Frame.close(3000, evil.replace("\u0085", "")));
    app.awaitClose(Deadline.PATIENCE);
    RawWebSocket gone = websocket(handshake().offering("superchat"));
    gone.send(Frame.text("{\"type\":\"connect\",\"id\":1,\"name\":\"%s\"}".formatted(escaped)));
    gone.close();
    List<String> lines = logged();
    List<String> forged =
        lines.stream().filter(line -> line.stripLeading().startsWith(mark)).toList();
    assertEquals(List.of(), forged);
  }
}
