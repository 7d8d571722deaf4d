package io.switchboard.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.testing.FakeTime;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ApiKeysTest {
  private final FakeTime time = new FakeTime();

  private static String hash(String secret) {
    return "sha256:" + HexFormat.of().formatHex(ApiKey.hash(secret));
  }

  private static ApiKey key(String name, String scopes, String secret) {
    return ApiKey.parse("%s %s %s # of a test".formatted(name, scopes, hash(secret)));
  }

  @Test
  void aKeyIsFoundAmongSeveralByItsSecret() {
    ApiKeys keys =
        new ApiKeys(
            time,
            List.of(
                ApiKey.standard("all"), key("ci", "publish", "one"), key("eye", "read", "two")));
    assertEquals(Optional.of(new Caller("default", Set.of(Scope.ADMIN))), keys.callerBy("all"));
    assertEquals(Optional.of(new Caller("ci", Set.of(Scope.PUBLISH))), keys.callerBy("one"));
    assertEquals(Optional.of(new Caller("eye", Set.of(Scope.READ))), keys.callerBy("two"));
    for (String wrong : List.of("", "on", "onee", "One", hash("one"))) {
      assertEquals(Optional.empty(), keys.callerBy(wrong), wrong);
    }
  }

  @Test
  void replacedKeysAreForgotten() {
    ApiKeys keys = new ApiKeys(time, List.of(key("ci", "publish", "one")));
    keys.replace(List.of(key("ci", "read", "two")));
    assertEquals(Optional.empty(), keys.callerBy("one"));
    assertEquals(Optional.of(new Caller("ci", Set.of(Scope.READ))), keys.callerBy("two"));
  }

  @Test
  void aKeyEndsWhenItsLineSays() {
    String end = time.instant().plusSeconds(10).toString();
    ApiKeys keys =
        new ApiKeys(
            time, List.of(ApiKey.parse("ci read %s expires=%s".formatted(hash("one"), end))));
    assertTrue(keys.callerBy("one").isPresent());
    time.pass(Duration.ofSeconds(9));
    assertTrue(keys.callerBy("one").isPresent());
    time.pass(Duration.ofSeconds(1));
    assertFalse(keys.callerBy("one").isPresent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ci publish                                   | expected a name, scopes and a hash
          ci publish HASH expires=now                  | behind the hash: expected
          ci publish HASH the build server             | expected a name, scopes and a hash
          ci publish HASH server                       | behind the hash: expected
          c/i publish HASH                             | the name: expected 1 to 64 letters
          default publish HASH                         | the name: expected another than default
          ci write HASH                                | the scopes: expected some of publish,read,admin
          ci publish, HASH                             | the scopes: expected some of publish,read,admin
          ci PUBLISH HASH                              | the scopes: expected some of publish,read,admin
          ci publish sb_5a0e4d2f9c8b7a6f5e4d3c2b1a09f8 | the hash: expected sha256: and 64 small hex
          ci publish sha256:5a0e                       | the hash: expected sha256: and 64 small hex
          """)
  void aBrokenLineIsToldWithoutWhatMayBeASecret(String line, String told) {
    String given = line.replace("HASH", hash("one"));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ApiKey.parse(given));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(told), message);
    assertFalse(message.contains("5a0e"), message);
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void adminMayEverythingAndTheOthersWhatTheySay(Scope needed) {
    assertTrue(new Caller("a", Set.of(Scope.ADMIN)).may(Set.of(needed)));
    assertEquals(needed == Scope.READ, new Caller("r", Set.of(Scope.READ)).may(Set.of(needed)));
    assertFalse(new Caller("n", Set.of()).may(Set.of(needed)));
  }

  @Test
  void whereTwoScopesAreNeededBothMustBeThere() {
    Set<Scope> both = Set.of(Scope.PUBLISH, Scope.READ);
    assertFalse(new Caller("p", Set.of(Scope.PUBLISH)).may(both));
    assertTrue(new Caller("p", both).may(both));
    assertTrue(new Caller("p", Set.of(Scope.ADMIN)).may(both));
  }

  @Test
  void aTokensScopesAreThoseOfThisApplication() {
    assertEquals(
        Set.of(Scope.PUBLISH, Scope.READ),
        Scope.among(Set.of("switchboard:publish", "switchboard:read", "openid", "admin")));
  }

  @Test
  void nothingOfASecretIsShown() {
    assertEquals("ApiKey[ci publish, read]", key("ci", "read,publish", "one").toString());
  }
}
