package io.switchboard.auth.jwt;

import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/** A way to sign (RFC 7518 section 3.1, RFC 8037), and the one kind of key that it takes. */
public enum Algorithm {
  HS256("HS256", 256),
  HS384("HS384", 384),
  HS512("HS512", 512),
  RS256("RS256", 2048),
  RS384("RS384", 2048),
  RS512("RS512", 2048),
  PS256("PS256", 2048),
  PS384("PS384", 2048),
  PS512("PS512", 2048),
  ES256("ES256", 256),
  ES384("ES384", 384),
  ES512("ES512", 521),
  /** Ed25519 only. */
  EDDSA("EdDSA", 255);

  /** What keys that are fetched are used with unless a setting says otherwise. */
  public static final Set<Algorithm> USUAL_REMOTE = Set.of(RS256, PS256, ES256, EDDSA);

  private final String value;

  /** Of the curve; of others the least. */
  private final int bits;

  Algorithm(String value, int bits) {
    this.value = value;
    this.bits = bits;
  }

  /** Returns its name in {@code alg}. */
  public String value() {
    return value;
  }

  /** Returns the algorithm that {@code alg} names; nothing for {@code none} and what is unknown. */
  public static Optional<Algorithm> of(String alg) {
    return Arrays.stream(values()).filter(one -> one.value.equals(alg)).findFirst();
  }

  /** Returns whether a signature of this kind is checked by {@code key}. */
  public boolean takes(Key key) {
    if (key instanceof SecretKey secret) {
      return value.startsWith("HS") && secret.getEncoded().length * Byte.SIZE >= bits;
    }
    if (key instanceof RSAPublicKey rsa) {
      return (value.startsWith("RS") || value.startsWith("PS"))
          && rsa.getModulus().bitLength() >= bits;
    }
    if (key instanceof ECPublicKey ec) {
      return value.startsWith("ES") && ec.getParams().getCurve().getField().getFieldSize() == bits;
    }
    return this == EDDSA
        && key instanceof EdECPublicKey ed
        && ed.getParams().getName().equals("Ed25519");
  }

  /** Returns what {@code key} is used with unless a setting says otherwise. */
  public static Set<Algorithm> usual(Key key) {
    if (key instanceof SecretKey) {
      return Set.of(HS256);
    }
    if (key instanceof RSAPublicKey) {
      return Set.of(RS256, PS256);
    }
    return Set.copyOf(Arrays.stream(values()).filter(one -> one.takes(key)).toList());
  }

  /** Returns those that take public keys. */
  public static List<Algorithm> ofPublicKeys() {
    return Arrays.stream(values()).filter(one -> !one.value.startsWith("HS")).toList();
  }

  static boolean isUsable(PublicKey key) {
    return Arrays.stream(values()).anyMatch(one -> one.takes(key));
  }
}
