package io.switchboard.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A public key of a JWKS.
 *
 * @param kid its id
 * @param alg the one algorithm that it is for; absent where it does not say
 */
record PublishedKey(@Nullable String kid, @Nullable String alg, PublicKey key) {
  /** Returns whether a token of that algorithm, and that key id if it has one, may be of it. */
  boolean fits(Algorithm algorithm, @Nullable String wanted) {
    return (wanted == null || wanted.equals(kid))
        && (alg == null || alg.equals(algorithm.value()))
        && algorithm.takes(key);
  }

  /** Reads a JWKS; leaves out what is of no use here, such as secrets and keys to encrypt with. */
  static List<PublishedKey> parse(String json) throws ParseException {
    List<PublishedKey> keys = new ArrayList<>();
    for (JWK jwk : JWKSet.parse(json).getKeys()) {
      boolean checks =
          (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
              && (jwk.getKeyOperations() == null
                  || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
      Optional<PublicKey> key = checks ? publicKey(jwk) : Optional.empty();
      String alg = jwk.getAlgorithm() == null ? null : jwk.getAlgorithm().getName();
      key.filter(Algorithm::isUsable)
          .ifPresent(usable -> keys.add(new PublishedKey(jwk.getKeyID(), alg, usable)));
    }
    return List.copyOf(keys);
  }

  private static Optional<PublicKey> publicKey(JWK jwk) {
    if (jwk instanceof OctetKeyPair pair) {
      return pair.getCurve().equals(Curve.Ed25519)
          ? PublicKeys.ed25519(pair.getDecodedX())
          : Optional.empty();
    }
    try {
      return jwk instanceof AsymmetricJWK pair
          ? Optional.ofNullable(pair.toPublicKey())
          : Optional.empty();
    } catch (JOSEException e) {
      return Optional.empty();
    }
  }
}
