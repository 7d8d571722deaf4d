package io.switchboard.auth.jwt;

import java.net.URI;
import java.security.Key;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which tokens are accepted.
 *
 * @param keys what they are signed with
 * @param algorithms how; nothing else is looked at
 * @param issuer what {@code iss} must be
 * @param audience what {@code aud} must be, or hold
 * @param skew by how much clocks may differ
 * @param claims where what is of interest stands
 */
public record JwtSettings(
    KeySource keys,
    Set<Algorithm> algorithms,
    Optional<String> issuer,
    Optional<String> audience,
    Duration skew,
    ClaimNames claims) {
  /** Copies the set. */
  public JwtSettings {
    algorithms = Set.copyOf(algorithms);
  }

  /** Where keys come from. */
  public sealed interface KeySource {
    /** One that is known: public, or a shared secret. */
    record Fixed(Key key) implements KeySource {
      @Override
      public String toString() {
        return "Fixed[" + key.getAlgorithm() + "]";
      }
    }

    /** A JWKS (RFC 7517 section 5), fetched over HTTP. */
    record Remote(URI url) implements KeySource {}
  }

  /**
   * Names of claims; a name with dots also leads into objects, as {@code realm_access.roles}.
   *
   * @param user who it is
   * @param name how they are called
   * @param roles what they are
   */
  public record ClaimNames(String user, String name, String roles) {}
}
