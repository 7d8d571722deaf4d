package io.switchboard.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key of the server API: its name, what it permits, and the SHA-256 of its secret. Immutable.
 *
 * <p>The hash is a fast one on purpose. A slow hash (bcrypt, Argon2) protects secrets that people
 * think up, of which there are few enough to try; made keys have 192 random bits, which nobody
 * tries. It would cost each call of the API tens of milliseconds, and give whoever sends wrong keys
 * a way to keep the processors busy.
 */
public final class ApiKey {
  /** The name of the key that is given by a setting or made at the first start. */
  public static final String DEFAULT = "default";

  /** What a line of the file looks like. */
  public static final String LINE =
      "expected a name, scopes and a hash, such as: ci publish,read sha256:(64 hex digits)"
          + " expires=2027-01-01T00:00:00Z # whose it is";

  private static final String HASH = "sha256:";
  private static final String EXPIRES = "expires=";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final String name;
  private final Set<Scope> scopes;
  private final byte[] hash;
  private final @Nullable Instant expires;

  private ApiKey(String name, Set<Scope> scopes, byte[] hash, @Nullable Instant expires) {
    this.name = name;
    this.scopes = Set.copyOf(scopes);
    this.hash = hash;
    this.expires = expires;
  }

  /** Makes the key that may do everything and has no end. */
  public static ApiKey standard(String secret) {
    return new ApiKey(DEFAULT, Set.of(Scope.ADMIN), hash(secret), null);
  }

  /**
   * Reads a line of the file of keys. What follows a {@code #} is a comment.
   *
   * @throws IllegalArgumentException saying what is wrong with it; never repeating the hash, where
   *     somebody may have written the key itself
   */
  public static ApiKey parse(String line) {
    String[] words = line.split("#", 2)[0].strip().split("\\s+", -1);
    if (words.length < 3 || words.length > 4) {
      throw new IllegalArgumentException(LINE);
    }
    if (!NAME.matcher(words[0]).matches()) {
      throw new IllegalArgumentException(
          "the name: expected 1 to 64 letters, digits, dots, dashes and underscores");
    }
    if (words[0].equals(DEFAULT)) {
      throw new IllegalArgumentException(
          "the name: expected another than default, which is the key of the file api-key");
    }
    Instant expires = words.length == 4 ? expires(words[3]) : null;
    return new ApiKey(words[0], scopes(words[1]), hashIn(words[2]), expires);
  }

  private static Set<Scope> scopes(String list) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String word : list.split(",", -1)) {
      scopes.add(
          Scope.of(word)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the scopes: expected some of publish,read,admin")));
    }
    return scopes;
  }

  private static byte[] hashIn(String word) {
    if (!word.matches(HASH + "[0-9a-f]{64}")) {
      throw new IllegalArgumentException("the hash: expected sha256: and 64 small hex digits");
    }
    return HexFormat.of().parseHex(word, HASH.length(), word.length());
  }

  private static Instant expires(String word) {
    try {
      if (word.startsWith(EXPIRES)) {
        return Instant.parse(word.substring(EXPIRES.length()));
      }
    } catch (DateTimeParseException e) { // told below
    }
    throw new IllegalArgumentException(
        "behind the hash: expected nothing, expires=2027-01-01T00:00:00Z or a # and a comment");
  }

  /** Returns what it is called in logs. */
  public String name() {
    return name;
  }

  /** Returns who shows it. */
  Caller caller() {
    return new Caller(name, scopes, expires);
  }

  /** Returns whether it holds at {@code now}. */
  boolean holdsAt(Instant now) {
    return expires == null || now.isBefore(expires);
  }

  /** Returns whether {@code shown} is the hash of its secret; takes the same time either way. */
  boolean hasHash(byte[] shown) {
    return MessageDigest.isEqual(hash, shown);
  }

  static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "ApiKey[%s %s]".formatted(name, Scope.words(scopes));
  }
}
