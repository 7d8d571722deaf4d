package io.switchboard.wire;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The origin rule when nothing is configured: a page of the same host and port, or no page at all.
 *
 * <p>The {@code Host} header is the test's own, so that names, addresses and ports can be tried
 * that the machine does not have.
 */
class OriginIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  @Test
  void thePageOfTheServerItselfIsAllowed() {
    chat(handshake().origin(server().origin())).assertNothingMore();
  }

  @Test
  void noOriginIsNoBrowser() {
    chat(handshake().without("Origin")).assertNothingMore();
  }

  @ParameterizedTest
  @CsvSource({
    "chat.example:8080, http://chat.example:8080",
    "chat.example:8080, http://CHAT.Example:8080",
    "CHAT.example:8080, http://chat.example:8080",
    "chat.example, http://chat.example",
    "chat.example, http://chat.example:80",
    "chat.example:80, http://chat.example",
    "127.0.0.1:8080, http://127.0.0.1:8080",
    "[::1]:8080, http://[::1]:8080",
    "[2001:DB8::7]:8080, http://[2001:db8::7]:8080",
    "[::1], http://[::1]",
  })
  void theSameHostAndPortAreAllowed(String host, String origin) {
    chat(handshake().with("Host", host).origin(origin)).assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "http://evil.example",
        "http://evil.example:8080",
        "https://evil.example",
        "http://chat.example", // another port
        "http://chat.example:80",
        "http://chat.example:8081",
        "http://chat.example:808",
        "http://chat.example:80800",
        "http://chat.example:73616", // 8080 modulo 65536
        "http://chat.example:8080.evil.example", // the server's name as a prefix
        "http://chat.example.evil.example:8080",
        "http://chat.example:8080@evil.example",
        "http://chat.example:8080@evil.example:8080",
        "http://chat.example:8080/@evil.example:8080",
        "http://evilchat.example:8080", // as a suffix
        "http://evil.chat.example:8080",
        "http://evil.example/chat.example:8080",
        "http://evil.example/http://chat.example:8080",
        "http://evil.example?http://chat.example:8080",
        "http://evil.example#http://chat.example:8080",
        "http://evil.example\\@chat.example:8080",
        "http://evil.example@chat.example:8080", // user information
        "http://user:secret@chat.example:8080",
        "http://chat.example.:8080", // another name in the eyes of a browser
        "http://chat.exampl:8080",
        "http://chat_example:8080",
        "http://chat%2Eexample:8080",
        "http://ch\u0430t.example:8080", // a Cyrillic a
        "chat.example:8080",
        "//chat.example:8080",
        "http:chat.example:8080",
        "http:/chat.example:8080",
        "http://",
        "http://:8080",
        "file://",
        "file://chat.example:8080",
        "http://chat.example:8080 http://evil.example",
        "http://evil.example http://chat.example:8080",
        "http://chat.example:8080, http://evil.example",
        "http://chat.example:8080,http://evil.example",
        "*",
        "http://*",
        "http://[::1]:8080",
        "http://127.0.0.1:8080",
      })
  void everythingElseIsRefused(String origin) {
    assertRefused(403, handshake().with("Host", "chat.example:8080").origin(origin));
  }

  @ParameterizedTest
  @CsvSource({
    "[::1]:8080, http://[::1]:8081",
    "[::1]:8080, http://[::1]",
    "[::1]:8080, http://[::2]:8080",
    "[::1]:8080, http://::1:8080",
    "[::1]:8080, http://[::1].evil.example:8080",
    "[::1]:8080, http://[::1:8080",
    "chat.example, http://chat.example:8080",
  })
  void aNeighbourIsRefused(String host, String origin) {
    assertRefused(403, handshake().with("Host", host).origin(origin));
  }

  @Test
  void anEmptyOriginIsNotNone() {
    assertRefused(403, handshake().origin(""));
  }

  @Test
  void twoOriginsAreRefusedInEitherOrder() {
    String own = server().origin();
    assertRefused(403, handshake().origin(own).and("Origin", "http://evil.example"));
    assertRefused(403, handshake().origin("http://evil.example").and("Origin", own));
  }
}
