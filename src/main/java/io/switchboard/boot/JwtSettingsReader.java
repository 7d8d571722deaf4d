package io.switchboard.boot;

import io.switchboard.auth.jwt.Algorithm;
import io.switchboard.auth.jwt.JwtSettings;
import io.switchboard.auth.jwt.JwtSettings.ClaimNames;
import io.switchboard.auth.jwt.JwtSettings.KeySource;
import io.switchboard.auth.jwt.PublicKeys;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.Key;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;

/** Reads which tokens are accepted. Keys and secrets are never repeated in what is wrong. */
final class JwtSettingsReader {
  private static final String PREFIX = "switchboard.jwt.";
  private static final String URL = PREFIX + "jwks-url";
  private static final String PUBLIC = PREFIX + "public-key";
  private static final String SECRET = PREFIX + "secret";
  private static final String ALGORITHMS = PREFIX + "algorithms";

  /** As long as the hash of HS256 (RFC 7518 section 3.2). */
  private static final int MIN_SECRET = 32;

  private final SettingsReader reader;

  private JwtSettingsReader(SettingsReader reader) {
    this.reader = reader;
  }

  /** Returns the settings; nothing where there is no key, and no token is accepted. */
  static Optional<JwtSettings> read(SettingsReader reader) {
    return new JwtSettingsReader(reader).read();
  }

  private Optional<JwtSettings> read() {
    Optional<KeySource> url = reader.string(URL).flatMap(this::url);
    Optional<KeySource> key = reader.string(PUBLIC).flatMap(this::publicKey);
    Optional<KeySource> secret = reader.string(SECRET).flatMap(this::secret);
    List<String> given =
        List.of(URL, PUBLIC, SECRET).stream()
            .filter(one -> reader.string(one).isPresent())
            .toList();
    if (given.size() > 1) {
      reader.mistake(given.get(1), "expected nothing where %s is given".formatted(given.get(0)));
    }
    Optional<KeySource> keys = url.or(() -> key).or(() -> secret);
    Set<Algorithm> algorithms = algorithms(keys);
    Optional<String> issuer = reader.string(PREFIX + "issuer");
    Optional<String> audience = reader.string(PREFIX + "audience");
    Duration skew =
        reader.duration(
            PREFIX + "clock-skew", Duration.ofSeconds(30), Duration.ZERO, Duration.ofMinutes(5));
    ClaimNames claims =
        new ClaimNames(
            reader.string(PREFIX + "user-claim").orElse("sub"),
            reader.string(PREFIX + "name-claim").orElse("name"),
            reader.string(PREFIX + "roles-claim").orElse("roles"));
    return keys.map(source -> new JwtSettings(source, algorithms, issuer, audience, skew, claims));
  }

  private Optional<KeySource> url(String text) {
    try {
      URI url = new URI(text);
      boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      if (web && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
        return Optional.of(new KeySource.Remote(url));
      }
    } catch (URISyntaxException e) {
      // told below, without the text: there may be a password in it
    }
    reader.mistake(
        URL, "expected an http or https URL without a password, such as https://id.example/jwks");
    return Optional.empty();
  }

  private Optional<KeySource> publicKey(String text) {
    Optional<? extends Key> key = PublicKeys.ofPem(text.contains("-----BEGIN") ? text : file(text));
    if (key.isEmpty()) {
      reader.mistake(
          PUBLIC, "expected a public key or a certificate in PEM, or a file that holds one");
    } else if (Algorithm.usual(key.get()).stream().noneMatch(one -> one.takes(key.get()))) {
      reader.mistake(
          PUBLIC, "expected RSA of 2048 bits or more, EC on P-256, P-384 or P-521, or Ed25519");
      return Optional.empty();
    }
    return key.map(KeySource.Fixed::new);
  }

  private static String file(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException | InvalidPathException e) {
      return "";
    }
  }

  private Optional<KeySource> secret(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_SECRET) {
      reader.mistake(
          SECRET, "expected %d bytes of UTF-8 or more, got %d".formatted(MIN_SECRET, bytes.length));
      return Optional.empty();
    }
    return Optional.of(new KeySource.Fixed(new SecretKeySpec(bytes, "HMAC")));
  }

  private Set<Algorithm> algorithms(Optional<KeySource> keys) {
    List<Algorithm> possible =
        keys.map(JwtSettingsReader::possible).orElse(List.of(Algorithm.values()));
    Set<Algorithm> usual =
        keys.map(
                source ->
                    source instanceof KeySource.Fixed fixed
                        ? Algorithm.usual(fixed.key())
                        : Algorithm.USUAL_REMOTE)
            .orElse(Set.of());
    return reader.read(
        ALGORITHMS,
        usual,
        "a list of "
            + possible.stream().map(Algorithm::value).collect(Collectors.joining(", "))
            + (keys.isPresent() ? ", which are those for the key that is given" : ""),
        text -> parse(text, possible));
  }

  private static List<Algorithm> possible(KeySource source) {
    return source instanceof KeySource.Fixed fixed
        ? List.of(Algorithm.values()).stream().filter(one -> one.takes(fixed.key())).toList()
        : Algorithm.ofPublicKeys();
  }

  private static Optional<Set<Algorithm>> parse(String text, List<Algorithm> possible) {
    Set<Algorithm> parsed = EnumSet.noneOf(Algorithm.class);
    for (String entry : text.split(",", -1)) {
      Optional<Algorithm> algorithm = Algorithm.of(entry.strip()).filter(possible::contains);
      if (algorithm.isEmpty()) {
        return Optional.empty();
      }
      parsed.add(algorithm.get());
    }
    return Optional.of(parsed);
  }
}
