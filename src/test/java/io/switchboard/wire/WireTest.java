package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of the suite share: connections that are closed after each test, and threads. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
abstract class WireTest {
  static final boolean ON_GLASSFISH = "glassfish".equals(System.getProperty("arquillian.launch"));

  @ArquillianResource
  @SuppressWarnings("NullAway.Init")
  private URL base;

  // Guarded by itself.
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  final void closeWhatWasOpened() throws Exception {
    threads.shutdownNow();
    synchronized (opened) {
      while (!opened.isEmpty()) {
        opened.pop().close();
      }
    }
  }

  final <C extends AutoCloseable> C closedAfterwards(C resource) {
    synchronized (opened) {
      opened.push(resource);
    }
    return resource;
  }

  final Target server() {
    return Target.of(base);
  }

  final Handshake handshake() {
    return Handshake.to(server());
  }

  final Api api() {
    return new Api(server());
  }

  final RawSocket socket() {
    return closedAfterwards(RawSocket.connect(server()));
  }

  final RawWebSocket websocket(Handshake request) {
    return closedAfterwards(RawWebSocket.open(socket(), request));
  }

  final RawWebSocket websocket(RawSocket.Options options) {
    RawSocket socket = closedAfterwards(RawSocket.connect(server(), options));
    return closedAfterwards(RawWebSocket.open(socket, handshake()));
  }

  final ChatClient chat() {
    return chat(handshake());
  }

  final ChatClient chat(Handshake request) {
    return new ChatClient(websocket(request));
  }

  /** A user that no other test and no earlier run has used. */
  static String user() {
    return "user-" + UUID.randomUUID();
  }

  /** A client of {@code chat} that is {@code user}, called {@code name}. */
  final ChatClient chatAs(String user, String name) {
    return chat(handshake().query("ticket=" + api().ticket(user, name)));
  }

  /** A client of {@code superchat} that is {@code user} and has said nothing yet. */
  final RawWebSocket superchatAs(String user) {
    return websocket(handshake().offering("superchat").query("ticket=" + api().ticket(user, user)));
  }

  /** Sends the request on a connection of its own and reads the answer. */
  final HttpReply exchange(Handshake request) {
    return exchange(request, socket());
  }

  final HttpReply exchange(Handshake request, RawSocket socket) {
    return socket.send(request.text()).readHttp(request.method());
  }

  /** A room that no other test and no earlier run has used. */
  static String room() {
    return "room-" + UUID.randomUUID();
  }

  final <T> Future<T> start(Callable<T> work) {
    return threads.submit(work);
  }

  /** The result of {@code work}; its failure fails the test. */
  static <T> T result(Future<T> work, long seconds) {
    try {
      return work.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("a thread of the test failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("not done within " + seconds + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Holds a refusal to what all of them share, and returns its problem document. */
  final JsonObject assertRefused(int status, Handshake request) {
    RawSocket socket = socket();
    // A second request in the same bytes: whoever answers it can be smuggled through.
    String smuggled =
        "GET " + server().path("/health/live") + " HTTP/1.1\r\nHost: " + server().authority();
    socket.send(request.text() + smuggled + "\r\n\r\n");
    HttpReply reply = socket.readHttp(request.method());
    JsonObject problem = assertRefusal(status, reply, request);
    socket.assertEndedByServer();
    return problem;
  }

  static JsonObject assertRefusal(int status, HttpReply reply, Handshake request) {
    String told = "for\n" + request.text() + "got " + reply;
    assertEquals(status, reply.status(), told);
    assertTrue(reply.hasToken("Connection", "close"), told);
    assertTrue(reply.header("Sec-WebSocket-Accept").isEmpty(), told);
    assertTrue(reply.header("Sec-WebSocket-Protocol").isEmpty(), told);
    if (request.method().equals("HEAD")) {
      return JsonObject.EMPTY_JSON_OBJECT;
    }
    if (status == 426 && ON_GLASSFISH && request.text().contains("Upgrade:")) {
      // Grizzly leaves Content-Type out where a request and its answer both speak of an upgrade.
      return assertMembers(status, reply);
    }
    return assertProblem(status, reply);
  }

  /** Holds an answer to RFC 9457. */
  static JsonObject assertProblem(int status, HttpReply reply) {
    assertEquals(status, reply.status(), reply::toString);
    String mediaType = reply.header("Content-Type").orElse("");
    assertTrue(mediaType.startsWith("application/problem+json"), reply::toString);
    return assertMembers(status, reply);
  }

  private static JsonObject assertMembers(int status, HttpReply reply) {
    JsonObject problem = reply.json();
    assertEquals(status, problem.getInt("status"), reply::toString);
    for (String member : new String[] {"type", "title", "detail"}) {
      assertFalse(problem.getString(member, "").isBlank(), () -> member + " of " + reply);
    }
    return problem;
  }
}
