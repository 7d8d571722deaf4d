package io.switchboard.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens by hand, with nothing of what checks them. Quotes in JSON may be single. */
public final class SignedToken {
  private SignedToken() {}

  /** Returns one signed by HS256. */
  public static String hs256(String secret, String claims) {
    return hs256(secret, "{'alg':'HS256','typ':'JWT'}", claims);
  }

  /** Returns one signed by HS256, whatever its header says. */
  public static String hs256(String secret, String header, String claims) {
    return hmac("HmacSHA256", secret.getBytes(StandardCharsets.UTF_8), header, claims);
  }

  /** Returns one signed by a hash with a key. */
  public static String hmac(String hash, byte[] secret, String header, String claims) {
    String input = input(header, claims);
    try {
      Mac mac = Mac.getInstance(hash);
      mac.init(new SecretKeySpec(secret, hash));
      return input + "." + encode(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns one signed by {@code how}, as the JDK calls it. */
  public static String signed(String how, PrivateKey key, String header, String claims) {
    String input = input(header, claims);
    try {
      Signature signature = Signature.getInstance(how);
      signature.initSign(key);
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns one that is not signed. */
  public static String unsigned(String header, String claims) {
    return input(header, claims) + ".";
  }

  private static String input(String header, String claims) {
    return encode(json(header)) + "." + encode(json(claims));
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  /** Returns Base64 as tokens have it. */
  public static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
