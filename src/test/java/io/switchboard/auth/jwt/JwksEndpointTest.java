package io.switchboard.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JwksEndpointTest {
  private final AtomicInteger secondary = new AtomicInteger();
  private HttpServer server = server();

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext("/jwks", exchange -> answer(exchange, 200, "{}"));
    server.createContext("/away", exchange -> answer(exchange, 503, "{}"));
    server.createContext(
        "/long", exchange -> answer(exchange, 200, "x".repeat(JwksEndpoint.MAX_BYTES + 1)));
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/secret");
          answer(exchange, 302, "");
        });
    server.createContext(
        "/secret",
        exchange -> {
          secondary.incrementAndGet();
          answer(exchange, 200, "{}");
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private JwksEndpoint at(String path) {
    return new JwksEndpoint(
        URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path)));
  }

  @Test
  void aDocumentIsFetched() throws IOException {
    assertEquals("{}", at("/jwks").fetch());
  }

  @Test
  void redirectionsAreNotFollowed() {
    IOException error = assertThrows(IOException.class, at("/moved")::fetch);
    assertEquals("it answers with status 302", error.getMessage());
    assertEquals(0, secondary.get());
  }

  @Test
  void anythingButADocumentIsAFailure() {
    assertThrows(IOException.class, at("/away")::fetch);
    IOException tooLong = assertThrows(IOException.class, at("/long")::fetch);
    assertTrue(String.valueOf(tooLong.getMessage()).contains("more than"), tooLong::toString);
  }
}
