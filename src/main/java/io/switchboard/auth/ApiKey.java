package io.switchboard.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The secret with which applications call the server API. Immutable. */
public final class ApiKey {
  private static final String SCHEME = "Bearer ";

  private final byte[] secret;

  /** Wraps {@code secret}. */
  public ApiKey(String secret) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns whether an {@code Authorization} header carries the key. Takes the same time wherever
   * the two differ.
   */
  public boolean isIn(@Nullable String authorization) {
    return authorization != null
        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
            secret);
  }

  @Override
  public String toString() {
    return "ApiKey[…]";
  }
}
