package io.switchboard.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.jwt.Keys.Found;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.SignedToken;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keys of somebody else, whose answers and whose absence are the test's. */
class RemoteKeysTest {
  private static final RSAPublicKey KEY = key();

  private final FakeTime time = new FakeTime();
  private final Deque<Runnable> background = new ArrayDeque<>();
  private final Published published = new Published();
  private final RemoteKeys keys = new RemoteKeys(published, background::add, time, new Random(1));

  private static final class Published extends JwksEndpoint {
    private String document = jwks("a");
    private boolean away;
    private int asked;
    private int aborted;

    Published() {
      super(URI.create("https://id.example/jwks"));
    }

    @Override
    String fetch() throws IOException {
      asked++;
      if (away) {
        throw new IOException("it is away");
      }
      return document;
    }

    @Override
    void abort() {
      aborted++;
    }
  }

  private static RSAPublicKey key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return (RSAPublicKey) generator.generateKeyPair().getPublic();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String jwk(String more) {
    return "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"%s}"
        .formatted(SignedToken.encode(KEY.getModulus().toByteArray()), more);
  }

  private static String jwks(String... kids) {
    return Stream.of(kids)
        .map(kid -> jwk(",\"kid\":\"%s\"".formatted(kid)))
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  private void beat() {
    keys.beat();
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  private void pass(Duration duration) {
    for (long second = 0; second < duration.toSeconds(); second++) {
      time.pass(Duration.ofSeconds(1));
      beat();
    }
  }

  private Found find(String kid) {
    return keys.find(Algorithm.RS256, kid);
  }

  @Test
  void untilKeysHaveComeNothingIsKnown() {
    assertTrue(find("a").later());
    beat();
    assertEquals(1, find("a").keys().size());
  }

  @Test
  void aKeyThatIsNotKnownIsAskedForOnceMore() {
    beat();
    pass(Duration.ofSeconds(30));
    published.document = jwks("a", "b");
    assertTrue(find("b").later());
    beat();
    assertEquals(1, find("b").keys().size());
    assertEquals(2, published.asked);
  }

  @Test
  void aKeyThatDoesNotExistIsNotAskedForAgainAndAgain() {
    beat();
    pass(Duration.ofSeconds(30));
    assertTrue(find("x").later());
    beat();
    for (int i = 0; i < 100; i++) {
      assertEquals(Found.NONE, find("x"));
      find("y" + i);
      beat();
    }
    assertEquals(2, published.asked);
    pass(Duration.ofSeconds(60));
    assertTrue(published.asked <= 4, () -> published.asked + " times");
  }

  @Test
  void aThousandUnknownKeysAreAskedForEveryTenSecondsAtMost() {
    beat();
    for (int second = 0; second < 100; second++) {
      for (int i = 0; i < 10; i++) {
        find("x" + second + "-" + i);
      }
      pass(Duration.ofSeconds(1));
    }
    assertTrue(published.asked <= 11, () -> published.asked + " times");
  }

  @Test
  void keysThatAreKnownCountWhileOthersAreOutOfReach() {
    beat();
    published.away = true;
    pass(Duration.ofHours(1));
    assertEquals(1, find("a").keys().size());
    assertTrue(find("b").later());
    assertTrue(published.asked < 140, () -> published.asked + " times within an hour");
    published.away = false;
    published.document = jwks("b");
    pass(Duration.ofMinutes(1));
    assertEquals(1, find("b").keys().size());
    assertEquals(Found.LATER, find("a"));
  }

  @Test
  void keysAreFetchedNowAndThen() {
    beat();
    published.document = jwks("b");
    pass(Duration.ofMinutes(5));
    assertEquals(1, find("b").keys().size());
  }

  @Test
  void aRequestThatDoesNotEndIsGivenUp() {
    keys.beat();
    for (int second = 0; second < 20; second++) {
      time.pass(Duration.ofSeconds(1));
      keys.beat();
    }
    assertTrue(published.aborted > 0);
    assertEquals(1, background.size());
  }

  @Test
  void keysThatAreNotForSignaturesAreLeftOut() {
    published.document =
        "{\"keys\":["
            + String.join(
                ",",
                jwk(",\"kid\":\"enc\",\"use\":\"enc\""),
                jwk(",\"kid\":\"ps\",\"alg\":\"PS256\""),
                jwk(",\"kid\":\"sign\",\"key_ops\":[\"encrypt\"]"),
                "{\"kty\":\"oct\",\"kid\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                jwk(",\"kid\":\"ok\",\"use\":\"sig\""))
            + "]}";
    beat();
    for (String kid : new String[] {"enc", "ps", "sign", "oct"}) {
      assertEquals(0, find(kid).keys().size(), kid);
    }
    assertEquals(1, find("ok").keys().size());
    assertEquals(1, keys.find(Algorithm.RS256, null).keys().size());
    assertEquals(0, keys.find(Algorithm.ES256, "ok").keys().size());
    assertEquals(0, keys.find(Algorithm.HS256, "oct").keys().size());
  }

  @Test
  void anEmptyOrBrokenDocumentTakesNoKeyAway() {
    beat();
    for (String document : new String[] {"", "{}", "{\"keys\":[]}", "<html>", "[]"}) {
      published.document = document;
      pass(Duration.ofMinutes(10));
      assertEquals(1, find("a").keys().size(), document);
    }
  }
}
