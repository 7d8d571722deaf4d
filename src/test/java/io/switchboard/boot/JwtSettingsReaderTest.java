package io.switchboard.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.jwt.Algorithm;
import io.switchboard.auth.jwt.JwtSettings;
import io.switchboard.auth.jwt.JwtSettings.KeySource;
import io.switchboard.boot.SettingsReader.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtSettingsReaderTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final Map<String, String> given = new HashMap<>();
  private List<String> mistakes = List.of();

  @TempDir Path folder = Path.of("");

  private Optional<JwtSettings> read() {
    SettingsReader reader =
        new SettingsReader(
            key -> Optional.ofNullable(given.get(key)).map(text -> new Value(text, "a test")),
            Set.of());
    Optional<JwtSettings> settings = JwtSettingsReader.read(reader);
    mistakes = reader.mistakes();
    return settings;
  }

  private void assertMistake(String key, String part) {
    read();
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.get(0).startsWith(key + ": expected"), mistakes::toString);
    assertTrue(mistakes.get(0).contains(part), mistakes::toString);
  }

  private static PublicKey key(String kind, String curve, int bits)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    if (!curve.isEmpty()) {
      generator.initialize(new ECGenParameterSpec(curve));
    } else if (bits > 0) {
      generator.initialize(bits);
    }
    return generator.generateKeyPair().getPublic();
  }

  private static String pem(PublicKey key) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
  }

  @Test
  void withoutAKeyNoTokenIsAccepted() {
    given.put("switchboard.jwt.issuer", "https://id.example");
    assertTrue(read().isEmpty());
    assertEquals(List.of(), mistakes);
  }

  @Test
  void aSecretIsForHs256() {
    given.put("switchboard.jwt.secret", SECRET);
    JwtSettings settings = read().orElseThrow();
    assertEquals(Set.of(Algorithm.HS256), settings.algorithms());
    assertEquals(Duration.ofSeconds(30), settings.skew());
    assertEquals("sub", settings.claims().user());
    assertFalse(settings.toString().contains(SECRET), "it is not shown by accident");
  }

  @Test
  void aShortSecretIsRefusedAndNotRepeated() {
    given.put("switchboard.jwt.secret", "sesame");
    assertMistake("switchboard.jwt.secret", "32 bytes");
    assertFalse(mistakes.toString().contains("sesame"));
  }

  @ParameterizedTest
  @CsvSource({
    "RSA,'',2048,RS256 PS256",
    "EC,secp256r1,0,ES256",
    "EC,secp384r1,0,ES384",
    "EC,secp521r1,0,ES512",
    "Ed25519,'',0,EDDSA"
  })
  void aPublicKeyDecidesOnItsAlgorithms(String kind, String curve, int bits, String expected)
      throws GeneralSecurityException, IOException {
    String pem = pem(key(kind, curve, bits));
    Set<String> algorithms = Set.of(expected.split(" "));
    given.put("switchboard.jwt.public-key", pem);
    assertEquals(algorithms, names(read().orElseThrow()));
    Path file = Files.writeString(folder.resolve("key.pem"), pem);
    given.put("switchboard.jwt.public-key", file.toString());
    assertEquals(algorithms, names(read().orElseThrow()));
    assertEquals(List.of(), mistakes);
  }

  private static Set<String> names(JwtSettings settings) {
    return Set.copyOf(settings.algorithms().stream().map(Enum::name).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nowhere/key.pem",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
      })
  void whatIsNoPublicKeyIsRefused(String text) {
    given.put("switchboard.jwt.public-key", text);
    assertMistake("switchboard.jwt.public-key", "PEM");
  }

  @Test
  void aWeakPublicKeyIsRefused() throws GeneralSecurityException {
    given.put("switchboard.jwt.public-key", pem(key("RSA", "", 1024)));
    assertMistake("switchboard.jwt.public-key", "2048 bits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://id.example/jwks",
        "file:///etc/passwd",
        "id.example/jwks",
        "https://",
        "https://user:sesame@id.example/jwks",
        "https://id.example/jw ks"
      })
  void anAddressIsOfTheWeb(String url) {
    given.put("switchboard.jwt.jwks-url", url);
    assertMistake("switchboard.jwt.jwks-url", "http or https");
    assertFalse(mistakes.toString().contains("sesame"));
  }

  @Test
  void aJwksIsForPublicKeys() {
    given.put("switchboard.jwt.jwks-url", "https://id.example/jwks");
    JwtSettings settings = read().orElseThrow();
    assertTrue(settings.keys() instanceof KeySource.Remote);
    assertEquals(Algorithm.USUAL_REMOTE, settings.algorithms());
    given.put("switchboard.jwt.algorithms", "RS256, ES384");
    assertEquals(Set.of("RS256", "ES384"), names(read().orElseThrow()));
    given.put("switchboard.jwt.algorithms", "RS256,HS256");
    assertMistake("switchboard.jwt.algorithms", "RS256, RS384");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "HS512", "RS256", "", "hs256", "HS256,"})
  void algorithmsAreThoseOfTheKey(String algorithms) {
    given.put("switchboard.jwt.secret", SECRET);
    given.put("switchboard.jwt.algorithms", algorithms);
    if (algorithms.isEmpty()) {
      assertEquals(Set.of("HS256"), names(read().orElseThrow()));
    } else {
      assertMistake("switchboard.jwt.algorithms", "HS256");
    }
  }

  @Test
  void thereIsOneKey() {
    given.put("switchboard.jwt.secret", SECRET);
    given.put("switchboard.jwt.jwks-url", "https://id.example/jwks");
    assertMistake("switchboard.jwt.secret", "switchboard.jwt.jwks-url");
  }
}
