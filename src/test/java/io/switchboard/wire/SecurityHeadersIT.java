package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers tell browsers, so that a mistake in a page does less harm. */
class SecurityHeadersIT extends WireTest {
  /** A script or a style that is written in the page, where the policy lets none run. */
  private static final Pattern INLINE =
      Pattern.compile(
          "<script(?![^>]*\\ssrc=)|<style|\\sstyle\\s*=|<[a-z][^>]*\\son[a-z]+\\s*=|javascript:",
          Pattern.CASE_INSENSITIVE);

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  private HttpReply get(String below, String host) {
    String request = "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(server().path(below), host);
    return socket().send(request).readHttp("GET");
  }

  private static Map<String, List<String>> policy(HttpReply reply) {
    assertEquals(1, reply.all("Content-Security-Policy").size(), reply::toString);
    return Arrays.stream(reply.header("Content-Security-Policy").orElseThrow().split(";"))
        .map(directive -> List.of(directive.strip().split(" ")))
        .collect(Collectors.toMap(words -> words.get(0), words -> words.subList(1, words.size())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/index.html",
        "/lab.html",
        "/js/chat/main.js",
        "/js/switchboard/index.js",
        "/vendor/uplot/uPlot.esm.js",
        "/css/base.css",
        "/favicon.svg",
        "/asyncapi.yaml",
        "/nothing-here.html",
      })
  void aPageMayDoNothingThatItDoesNotNeed(String path) {
    HttpReply reply = get(path, server().authority());
    assertEquals("nosniff", reply.header("X-Content-Type-Options").orElse(""), reply::toString);
    assertEquals("DENY", reply.header("X-Frame-Options").orElse(""));
    assertEquals("no-referrer", reply.header("Referrer-Policy").orElse(""));
    assertEquals("same-origin", reply.header("Cross-Origin-Resource-Policy").orElse(""));
    Map<String, List<String>> policy = policy(reply);
    assertEquals(List.of("'none'"), policy.get("default-src"));
    assertEquals(List.of("'self'"), policy.get("script-src"));
    assertEquals(List.of("'self'"), policy.get("style-src"));
    assertEquals(List.of("'none'"), policy.get("frame-ancestors"));
    assertEquals(List.of("'none'"), policy.get("base-uri"));
    assertEquals(List.of("'script'"), policy.get("require-trusted-types-for"));
    String at = server().authority();
    assertEquals(List.of("'self'", "ws://" + at, "wss://" + at), policy.get("connect-src"));
    if (path.endsWith("/") || path.endsWith(".html")) {
      boolean ours = reply.status() == 200;
      assertEquals(!path.startsWith("/nothing"), ours, reply::toString);
      assertFalse(ours && INLINE.matcher(reply.body()).find(), () -> "inline code in " + path);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example;script-src *",
        "evil.example,*",
        "*",
        "[::1]:8080",
        "a b",
        "x'self'"
      })
  void whatStandsInHostChangesNoPolicy(String host) {
    HttpReply reply = get("/index.html", host);
    if (reply.status() != 200) {
      assertEquals(400, reply.status(), "a container may refuse it");
      return;
    }
    Map<String, List<String>> policy = policy(reply);
    assertEquals(List.of("'self'"), policy.get("script-src"), reply::toString);
    assertEquals(List.of("'self'"), policy.get("connect-src"), reply::toString);
  }

  @Test
  void anotherNameOfTheServerIsTheOneThatIsNamed() {
    List<String> sources = policy(get("/", "Chat.Example:8080")).get("connect-src");
    assertEquals(List.of("'self'", "ws://chat.example:8080", "wss://chat.example:8080"), sources);
  }

  @ParameterizedTest
  @CsvSource({
    "/health/live, 200",
    "/health/ready, 200",
    "/api/openapi.yaml, 200",
    "/api/channels, 401",
    "/api/nothing, 401",
    "/chat, 426",
    "/chat/sessions, 405",
    "/chat/sessions/x/messages, 410",
    "/lab/info, 200",
  })
  void whatProgramsAreAnsweredIsNotGuessedAtAndNotKept(String path, int status) {
    HttpReply reply = get(path, server().authority());
    assertEquals(status, reply.status(), reply::toString);
    assertEquals("nosniff", reply.header("X-Content-Type-Options").orElse(""), reply::toString);
    assertEquals("no-store", reply.header("Cache-Control").orElse(""), reply::toString);
    assertTrue(reply.all("Content-Type").stream().noneMatch(type -> type.contains("html")));
  }
}
