package io.switchboard.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.SecretKey;

/** Checks signatures. Stateless. */
final class Signatures {
  private Signatures() {}

  /** Returns whether {@code jws} was signed with {@code key}, which takes its algorithm. */
  static boolean isRight(JWSObject jws, Key key) {
    try {
      if (key instanceof SecretKey secret) {
        return isRight(jws, new MACVerifier(secret));
      }
      if (key instanceof RSAPublicKey rsa) {
        return isRight(jws, new RSASSAVerifier(rsa));
      }
      if (key instanceof ECPublicKey ec) {
        return isRight(jws, new ECDSAVerifier(ec));
      }
      // Nimbus wants another library for these; the JDK has them since 15.
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify((PublicKey) key);
      signature.update(jws.getSigningInput());
      return signature.verify(jws.getSignature().decode());
    } catch (JOSEException | GeneralSecurityException e) {
      return false; // what is no signature at all
    }
  }

  private static boolean isRight(JWSObject jws, JWSVerifier verifier) throws JOSEException {
    return jws.verify(verifier);
  }
}
