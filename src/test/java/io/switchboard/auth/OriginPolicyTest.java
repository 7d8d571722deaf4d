package io.switchboard.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {
  private final OriginPolicy sameHost = new OriginPolicy(List.of());

  @ParameterizedTest
  @CsvSource({
    "http://chat.example, chat.example, true",
    "https://chat.example, chat.example, true",
    "http://CHAT.example, chat.EXAMPLE, true",
    "http://chat.example:80, chat.example, true",
    "https://chat.example, chat.example:443, true",
    "http://chat.example:8080, chat.example:8080, true",
    "http://[::1]:8080, [::1]:8080, true",
    "http://chat_dev:8080, chat_dev:8080, true",
    "http://10.0.0.7:8080, 10.0.0.7:8080, true",
    "http://chat.example, chat.example:8080, false",
    "http://chat.example:8080, chat.example, false",
    "http://chat.example:8080, chat.example:8081, false",
    "https://chat.example, chat.example:80, false",
    "http://chat.example.evil.example, chat.example, false",
    "http://evilchat.example, chat.example, false",
    "http://chat.example@evil.example, chat.example, false",
    "http://evil.example@chat.example, chat.example, false",
    "http://chat.example/, chat.example, false",
    "http://chat.example?, chat.example, false",
    "http://chat.example:, chat.example, false",
    "http://chat.example:0, chat.example:0, false",
    "http://chat.example:99999, chat.example:99999, false",
    "ftp://chat.example, chat.example, false",
    "null, chat.example, false",
    "'', chat.example, false",
    "'http://chat.example, http://evil.example', chat.example, false",
    "http://chat.example., chat.example, false",
    "file://, chat.example, false",
    "http://chat.example, , false",
  })
  void aPageIsJudgedByTheHostOfTheRequest(String origin, String host, boolean allowed) {
    assertEquals(allowed, sameHost.allows(origin, host, false));
  }

  @Test
  void aClientThatIsNoBrowserIsAllowed() {
    assertTrue(sameHost.allows(null, "chat.example", false));
  }

  @Test
  void aPlainPageMayNotReachASecureEndpoint() {
    assertFalse(sameHost.allows("http://chat.example", "chat.example", true));
    assertTrue(sameHost.allows("https://chat.example", "chat.example", true));
  }

  @Test
  void aListReplacesTheHost() {
    OriginPolicy listed = new OriginPolicy(List.of("https://a.example", "http://b.example:8080"));
    assertTrue(listed.allows("https://a.example:443", "chat.example", false));
    assertTrue(listed.allows("http://b.example:8080", "chat.example", false));
    assertFalse(listed.allows("http://a.example", "chat.example", false));
    assertFalse(listed.allows("https://sub.a.example", "chat.example", false));
    assertFalse(listed.allows("http://chat.example", "chat.example", false));
    assertFalse(listed.allows("null", "chat.example", false));
  }

  @Test
  void aStarAllowsAll() {
    assertTrue(new OriginPolicy(List.of("*")).allows("null", null, true));
  }

  @Test
  void aStarDoesNotCountWhereTheBrowserAddsCredentials() {
    for (OriginPolicy policy :
        List.of(
            sameHost,
            new OriginPolicy(List.of("*")),
            new OriginPolicy(List.of("*", "https://a.example")))) {
      assertTrue(policy.allowsByName("https://chat.example", "chat.example", true));
      assertTrue(policy.allowsByName(null, "chat.example", true));
      for (String origin : List.of("https://evil.example", "null", "", "http://chat.example")) {
        assertFalse(policy.allowsByName(origin, "chat.example", true), origin);
      }
    }
    OriginPolicy both = new OriginPolicy(List.of("*", "https://a.example"));
    assertTrue(both.allowsByName("https://a.example", "chat.example", true));
    OriginPolicy listed = new OriginPolicy(List.of("https://a.example"));
    assertFalse(listed.allowsByName("https://chat.example", "chat.example", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat.example", "https://", "https://a/b", "https://*.example", "null"})
  void whatIsNoOriginCannotBeListed(String entry) {
    assertThrows(IllegalArgumentException.class, () -> new OriginPolicy(List.of(entry)));
  }
}
