package io.switchboard.auth.jwt;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys. */
public final class PublicKeys {
  /** What stands before the 32 bytes of an Ed25519 key in its encoding (RFC 8410 section 4). */
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_BYTES = 32;

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private PublicKeys() {}

  /** Returns the key in {@code text}, a public key or a certificate in PEM, if it is of use. */
  public static Optional<PublicKey> ofPem(String text) {
    Matcher matcher = PEM.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(2));
      if (matcher.group(1).equals("CERTIFICATE")) {
        return Optional.of(
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                .getPublicKey());
      }
      return ofEncoded(bytes);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Optional<PublicKey> ed25519(byte[] x) {
    if (x.length != ED25519_BYTES) {
      return Optional.empty();
    }
    byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + x.length);
    System.arraycopy(x, 0, encoded, ED25519.length, x.length);
    return ofEncoded(encoded);
  }

  private static Optional<PublicKey> ofEncoded(byte[] encoded) {
    for (String kind : List.of("RSA", "EC", "Ed25519")) {
      try {
        return Optional.of(
            KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded)));
      } catch (GeneralSecurityException e) {
        // it is of another kind
      }
    }
    return Optional.empty();
  }
}
