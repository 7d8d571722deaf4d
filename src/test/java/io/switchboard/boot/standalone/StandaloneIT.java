package io.switchboard.boot.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The built WAR, started as an operator starts it. */
@Timeout(90)
class StandaloneIT {
  private static final Path WAR = Path.of(System.getProperty("war"));
  private static final Pattern READY =
      Pattern.compile(
          "Switchboard \\S+ is ready at (http://localhost:(\\d+)\\S*/) \\(\\d+\\.\\d s\\)");
  private static final int TERMINATED = 128 + 15;
  private static final int CLIENTS = 200;

  private final List<Process> started = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Path folder = Path.of("unset");

  @BeforeEach
  void freshFolder() throws IOException {
    folder = Files.createTempDirectory(WAR.toAbsolutePath().getParent(), "standalone-");
    Files.createDirectory(folder.resolve("tmp"));
  }

  @AfterEach
  void endWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void servesThePageUntilItIsTerminatedAndLeavesNothingBehind() throws Exception {
    Process server = start("--port", "0");
    URI base = readyAt(server);

    HttpResponse<String> page = get(base);
    assertEquals(200, page.statusCode());
    assertEquals("text/html", mediaType(page));
    assertTrue(page.body().contains("<title>"), page.body());
    assertTrue(page.headers().firstValue("server").isEmpty());
    assertTrue(page.headers().firstValue("x-powered-by").isEmpty());

    server.destroy();
    assertTrue(server.waitFor(25, TimeUnit.SECONDS), "still running");
    assertEquals(TERMINATED, server.exitValue());
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertEquals(
          List.of(), left.filter(f -> f.getFileName().toString().startsWith("switch")).toList());
    }
  }

  @Test
  void clientsAreSentAwayWhileItStillServes() throws Exception {
    Process server = start("--port", "0");
    URI base = readyAt(server);
    URI chat = URI.create("ws" + base.toString().substring(4) + "chat");
    Queue<String> told = new ConcurrentLinkedQueue<>();
    CountDownLatch closed = new CountDownLatch(CLIENTS);
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch connected = new CountDownLatch(CLIENTS);
    List<CompletableFuture<WebSocket>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      WebSocket.Listener client =
          new WebSocket.Listener() {
            @Override
            public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence text, boolean last) {
              told.add(text.toString());
              (text.toString().contains("\"connected\"") ? connected : first).countDown();
              socket.request(1);
              return null;
            }

            @Override
            public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
              told.add(String.valueOf(code));
              closed.countDown();
              return null;
            }
          };
      clients.add(
          http.newWebSocketBuilder()
              .subprotocols("superchat")
              .buildAsync(chat, client)
              .thenCompose(socket -> socket.sendText("{\"type\":\"connect\",\"id\":1}", true)));
    }
    for (CompletableFuture<WebSocket> one : clients) {
      one.get(30, TimeUnit.SECONDS);
    }
    assertTrue(connected.await(30, TimeUnit.SECONDS), () -> connected.getCount() + " are missing");
    server.destroy();
    assertTrue(first.await(10, TimeUnit.SECONDS), "nobody was told");
    // Who was told has the whole window before it is closed: four seconds for so many.
    assertEquals(503, get(base.resolve("health/ready")).statusCode());
    assertEquals(200, get(base.resolve("health/live")).statusCode());
    HttpResponse<String> refused =
        http.send(
            HttpRequest.newBuilder(base.resolve("chat/sessions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"connect\",\"id\":1}"))
                .build(),
            BodyHandlers.ofString());
    assertEquals(503, refused.statusCode(), refused.body());
    assertTrue(refused.headers().firstValue("Retry-After").isPresent());
    assertTrue(closed.await(20, TimeUnit.SECONDS), () -> closed.getCount() + " are left");
    assertEquals(CLIENTS, told.stream().filter(text -> text.contains("\"drain\"")).count());
    assertEquals(CLIENTS, told.stream().filter("4100"::equals).count());
    assertTrue(server.waitFor(25, TimeUnit.SECONDS), "still running");
    assertEquals(TERMINATED, server.exitValue());
  }

  @Test
  void whatIsNotForDownloadIsNotFound() throws Exception {
    URI base = readyAt(start("--port=0", "--context=switchboard"));
    assertTrue(base.getPath().equals("/switchboard/"), base.toString());

    for (String hidden :
        List.of(
            "io/switchboard/boot/standalone/Main.class",
            "WEB-INF/web.xml",
            "WEB-INF/server/",
            "META-INF/MANIFEST.MF",
            "nowhere")) {
      HttpResponse<String> response = get(base.resolve(hidden));
      assertEquals(404, response.statusCode(), hidden);
      assertTrue(!response.body().contains("Tomcat"), response.body());
    }
  }

  @Test
  void helpAndVersionEndWell() throws Exception {
    Ended help = run("--help");
    assertEquals(0, help.status());
    assertTrue(help.out().startsWith("Usage: java -jar switchboard.war"), help.out());
    assertEquals("", help.err());

    Ended version = run("--version");
    assertEquals(0, version.status());
    assertTrue(version.out().matches("Switchboard [0-9]+\\.[0-9]+\\.[0-9]+\\S*\\R"), version.out());
  }

  @Test
  void aTakenPortIsOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      Ended ended = run("--port", String.valueOf(taken.getLocalPort()));
      assertRefused(ended, "--port " + taken.getLocalPort() + " cannot be bound (");
    }
  }

  @Test
  void aHostOfAnotherMachineIsOneLine() throws Exception {
    // TEST-NET-1 (RFC 5737): nobody has it.
    assertRefused(run("--host", "192.0.2.1"), "--host 192.0.2.1 cannot be bound (");
  }

  @Test
  void aBadOptionIsOneLine() throws Exception {
    assertRefused(run("--prot", "1"), "unknown option \"--prot\"; accepted are --port, ");
    assertRefused(run("--port", "http"), "--port is \"http\", but must be a number from 0 to ");
  }

  @Test
  void anApplicationThatRefusesToStartIsToldWithoutAStackTrace() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    Ended ended = run("--port", "0", "--home", file.resolve("below").toString());

    assertEquals(2, ended.status(), ended.err());
    assertEquals("", ended.out());
    assertTrue(ended.err().contains("switchboard: cannot start: "), ended.err());
    assertTrue(ended.err().contains(file.toString()), ended.err());
    assertTrue(ended.err().lines().noneMatch(line -> line.startsWith("\tat ")), ended.err());
  }

  @Test
  void theLogIsJsonForWhoWantsThat() throws Exception {
    Process server = start("--port", "0", "--log-format", "json");
    URI base = readyAt(server);
    assertEquals(200, get(base.resolve("health/started")).statusCode());
    server.destroy();
    assertTrue(server.waitFor(25, TimeUnit.SECONDS), "still running");

    List<String> lines = Files.readAllLines(folder.resolve("err"));
    List<String> messages = new ArrayList<>();
    for (String line : lines) {
      try (JsonReader json = Json.createReader(new StringReader(line))) {
        JsonObject record = json.readObject();
        Instant.parse(record.getString("time"));
        messages.add(record.getString("logger") + " " + record.getString("message"));
      } catch (JsonException e) {
        throw new AssertionError("no JSON: " + line, e);
      }
    }
    assertTrue(
        messages.contains("io.switchboard.boot.Application Switchboard has stopped"),
        messages::toString);
  }

  private static void assertRefused(Ended ended, String beginning) {
    assertEquals(2, ended.status(), ended.err());
    assertEquals("", ended.out());
    assertEquals(1, ended.err().lines().count(), ended.err());
    assertTrue(ended.err().startsWith("switchboard: " + beginning), ended.err());
  }

  private HttpResponse<String> get(URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static String mediaType(HttpResponse<?> response) {
    return response.headers().firstValue("content-type").orElse("").replaceAll(";.*", "");
  }

  /** Waits for the ready line, by reading; the process ends the wait if it ends itself. */
  private URI readyAt(Process server) throws IOException {
    BufferedReader out = server.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.matches()) {
        return URI.create(ready.group(1));
      }
    }
    throw new AssertionError("not ready: " + Files.readString(folder.resolve("err")));
  }

  private Ended run(String... arguments) throws Exception {
    Process process = start(arguments);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
    return new Ended(process.exitValue(), out, Files.readString(folder.resolve("err")));
  }

  private Process start(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
    command.add("-jar");
    command.add(WAR.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(folder.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SWITCHBOARD_"));
    builder.environment().put("SWITCHBOARD_HOME", folder.resolve("home").toString());
    try {
      Process process = builder.start();
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Ended(int status, String out, String err) {}
}
