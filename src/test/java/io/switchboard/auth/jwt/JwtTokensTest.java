package io.switchboard.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.Grants;
import io.switchboard.auth.Identity;
import io.switchboard.auth.Tokens.Verdict;
import io.switchboard.auth.jwt.JwtSettings.ClaimNames;
import io.switchboard.auth.jwt.JwtSettings.KeySource;
import io.switchboard.channel.ChannelName;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.SignedToken;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTokensTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final ClaimNames NAMES = new ClaimNames("sub", "name", "realm_access.roles");
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final ChannelName DEN = new ChannelName("room:den");

  private final FakeTime time = new FakeTime();
  private final JwtTokens tokens = tokens(hmac(SECRET));

  private static Key hmac(String secret) {
    return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HMAC");
  }

  private JwtTokens tokens(Key key) {
    return tokens(
        new JwtSettings(
            new KeySource.Fixed(key),
            Algorithm.usual(key),
            Optional.empty(),
            Optional.empty(),
            SKEW,
            NAMES));
  }

  private JwtTokens tokens(JwtSettings settings) {
    return new JwtTokens(settings, Runnable::run, time, time, new Random(1));
  }

  /** Returns claims that are good for an hour, and more of them. */
  private static String claims(String more) {
    return "{'sub':'ann','exp':%d%s}".formatted(seconds(3_600), more);
  }

  private static long seconds(long later) {
    return FakeTime.START.getEpochSecond() + later;
  }

  private static String signed(String claims) {
    return SignedToken.hs256(SECRET, claims);
  }

  private Identity good(JwtTokens by, String token) {
    return assertInstanceOf(Verdict.Good.class, by.verify(token)).identity();
  }

  private static String refused(JwtTokens by, String token) {
    Verdict.Bad bad = assertInstanceOf(Verdict.Bad.class, by.verify(token));
    assertFalse(bad.expired(), bad::why);
    return bad.why();
  }

  @Test
  void aTokenSaysWhoItIs() {
    Identity ann = good(tokens, signed(claims(",'name':' Ann '")));
    assertEquals(new Identity("ann", false, "Ann", Grants.NONE), ann);
  }

  @Test
  void rolesAndPermissionsAreGrants() {
    Identity ann =
        good(
            tokens,
            signed(
                claims(
                    ",'realm_access':{'roles':['admin','a b']},"
                        + "'switchboard':{'subscribe':['room:eu-*'],'publish':['room:den']}")));
    assertTrue(ann.grants().has("admin"));
    assertTrue(ann.grants().has("a b"));
    assertTrue(ann.grants().permit(Action.SUBSCRIBE, new ChannelName("room:eu-1")));
    assertFalse(ann.grants().permit(Action.SUBSCRIBE, DEN));
    assertTrue(ann.grants().permit(Action.PUBLISH, DEN));
    assertFalse(ann.grants().permit(Action.HISTORY, DEN));
  }

  @Test
  void whatItMayDoWithTheServerApiStandsInItsScope() {
    Identity ann =
        good(tokens, signed(claims(",'scope':'openid switchboard:publish switchboard:read'")));
    assertEquals(Set.of("switchboard:publish", "switchboard:read"), ann.grants().roles());
  }

  @Test
  void itHoldsAsLongAsClocksMayDiffer() {
    String token = signed("{'sub':'ann','exp':%d}".formatted(seconds(60)));
    Verdict.Good good = assertInstanceOf(Verdict.Good.class, tokens.verify(token));
    assertEquals(Instant.ofEpochSecond(seconds(60)).plus(SKEW), good.expires());
    time.pass(Duration.ofSeconds(89));
    good(tokens, token);
    time.pass(Duration.ofSeconds(1));
    Verdict.Bad bad = assertInstanceOf(Verdict.Bad.class, tokens.verify(token));
    assertTrue(bad.expired());
  }

  @Test
  void itMustEnd() {
    assertTrue(refused(tokens, signed("{'sub':'ann'}")).startsWith("exp: expected"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e300", "99999999999999999", "253402300799"})
  void anEndBeyondTheCalendarIsItsLastMoment(String exp) {
    good(tokens, signed("{'sub':'ann','exp':%s}".formatted(exp)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nbf", "iat"})
  void itMustHaveBegun(String claim) {
    String token = signed(claims(",'%s':%d".formatted(claim, seconds(40))));
    assertEquals(claim + ": it does not hold yet", refused(tokens, token));
    time.pass(Duration.ofSeconds(10));
    good(tokens, token);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'exp':9999999999} | sub: expected",
        "{'exp':9999999999,'sub':7} | sub: expected",
        "{'exp':9999999999,'sub':''} | sub: expected",
        "{'exp':9999999999,'sub':'a\\nb'} | sub: expected",
        "{'exp':'soon','sub':'ann'} | exp: expected",
        "{'exp':9999999999,'sub':'ann','nbf':true} | nbf: expected",
        "{'exp':9999999999,'sub':'ann','name':7} | name: expected",
        "{'exp':9999999999,'sub':'ann','name':' '} | name: expected",
        "{'exp':9999999999,'sub':'ann','name':'a\\r\\nb'} | name: expected",
        "{'exp':9999999999,'sub':'ann','realm_access':{'roles':[7]}} | realm_access.roles:"
            + " expected",
        "{'exp':9999999999,'sub':'ann','switchboard':[]} | switchboard: expected an object",
        "{'exp':9999999999,'sub':'ann','switchboard':{'listen':[]}} | switchboard: expected sub",
        "{'exp':9999999999,'sub':'ann','switchboard':{'subscribe':'room:a'}} |"
            + " switchboard.subscribe:",
        "{'exp':9999999999,'sub':'ann','switchboard':{'publish':['*']}} | switchboard.publish: exp",
        "{'exp':9999999999,'sub':'ann','switchboard':{'history':[null]}} | switchboard.history:"
            + " exp",
        "[] | exp: expected",
      })
  void aMalformedClaimIsNamed(String claims, String expected) {
    String why = refused(tokens, signed(claims));
    assertTrue(why.startsWith(expected), why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a.b.c", "..", "a.b.c.d.e", "\u0000.\u0000.\u0000"})
  void whatIsNoTokenIsNone(String text) {
    assertEquals("it is no signed JWT", refused(tokens, text));
  }

  @Test
  void aTokenIsNotEndless() {
    String why = refused(tokens, signed(claims(",'x':'" + "x".repeat(9_000) + "'")));
    assertEquals("it is longer than 8192 characters", why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
  void whatIsNotSignedIsRefused(String alg) {
    String header = "{'alg':'%s'}".formatted(alg);
    refused(tokens, SignedToken.unsigned(header, claims("")));
    refused(tokens, SignedToken.hs256(SECRET, header, claims("")));
  }

  @Test
  void aSignatureThatIsCutOffOrOfAnotherKeyIsRefused() {
    String token = signed(claims(""));
    assertEquals(
        "its signature is not right",
        refused(tokens, token.substring(0, token.lastIndexOf('.') + 1) + "AAAA"));
    assertEquals(
        "its signature is not right",
        refused(tokens, SignedToken.hs256(SECRET.replace('0', '1'), claims(""))));
    refused(tokens, token.substring(0, token.lastIndexOf('.') + 1));
  }

  @Test
  void theHashOfAPublicKeyIsNoSignature() throws GeneralSecurityException {
    KeyPair rsa = rsa(2048);
    JwtTokens byRsa = tokens(rsa.getPublic());
    byte[] encoded = rsa.getPublic().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret : new byte[][] {pem.getBytes(StandardCharsets.US_ASCII), encoded}) {
      String token = SignedToken.hmac("HmacSHA256", secret, "{'alg':'HS256'}", claims(""));
      assertEquals("alg: expected RS256 or PS256", refused(byRsa, token));
    }
    good(
        byRsa,
        SignedToken.signed("SHA256withRSA", rsa.getPrivate(), "{'alg':'RS256'}", claims("")));
    JwtTokens byBoth =
        tokens(
            new JwtSettings(
                new KeySource.Fixed(rsa.getPublic()),
                Set.of(Algorithm.HS256, Algorithm.RS256),
                Optional.empty(),
                Optional.empty(),
                SKEW,
                NAMES));
    refused(
        byBoth,
        SignedToken.hmac(
            "HmacSHA256", pem.getBytes(StandardCharsets.US_ASCII), "{'alg':'HS256'}", claims("")));
  }

  @ParameterizedTest
  @CsvSource({
    "EC,secp256r1,SHA256withECDSAinP1363Format,ES256",
    "EC,secp384r1,SHA384withECDSAinP1363Format,ES384",
    "EC,secp521r1,SHA512withECDSAinP1363Format,ES512",
    "Ed25519,,Ed25519,EdDSA",
    "RSA,,SHA256withRSA,RS256",
  })
  void publicKeysCheckWhatPrivateKeysSigned(String kind, String curve, String how, String alg)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    if (curve != null) {
      generator.initialize(new ECGenParameterSpec(curve));
    }
    KeyPair pair = generator.generateKeyPair();
    KeyPair other = generator.generateKeyPair();
    String header = "{'alg':'%s'}".formatted(alg);
    JwtTokens by = tokens(pair.getPublic());
    good(by, SignedToken.signed(how, pair.getPrivate(), header, claims("")));
    assertEquals(
        "its signature is not right",
        refused(by, SignedToken.signed(how, other.getPrivate(), header, claims(""))));
    refused(by, SignedToken.hs256(SECRET, header, claims("")));
  }

  @Test
  void aShortKeyIsOfNoUse() throws GeneralSecurityException {
    assertFalse(Algorithm.RS256.takes(rsa(1024).getPublic()));
    assertFalse(Algorithm.HS512.takes(hmac(SECRET)));
    assertTrue(Algorithm.HS256.takes(hmac(SECRET)));
  }

  private static KeyPair rsa(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'alg':'HS256','crit':['exp'],'exp':1}",
        "{'alg':'HS256','crit':['b64'],'b64':true}",
        "{'alg':'HS256','crit':['x'],'x':1}",
      })
  void whatIsCriticalAndNotUnderstoodIsRefused(String header) {
    refused(tokens, SignedToken.hs256(SECRET, header, claims("")));
  }

  @ParameterizedTest
  @CsvSource({"JWT,true", "jwt,true", "at+jwt,true", "logout+jwt,false", "dpop+jwt,false"})
  void tokensOfOtherUsesAreRefused(String type, boolean accepted) {
    String header = "{'alg':'HS256','typ':'%s'}".formatted(type);
    Verdict verdict = tokens.verify(SignedToken.hs256(SECRET, header, claims("")));
    assertEquals(accepted, verdict instanceof Verdict.Good);
  }

  @Test
  void issuerAndAudienceArePinned() {
    JwtTokens strict =
        tokens(
            new JwtSettings(
                new KeySource.Fixed(hmac(SECRET)),
                Set.of(Algorithm.HS256),
                Optional.of("https://id.example"),
                Optional.of("chat"),
                SKEW,
                NAMES));
    String iss = ",'iss':'https://id.example'";
    good(strict, signed(claims(iss + ",'aud':'chat'")));
    good(strict, signed(claims(iss + ",'aud':['other','chat']")));
    for (String more :
        new String[] {
          "",
          iss,
          ",'aud':'chat'",
          iss + ",'aud':['chats']",
          ",'iss':'https://id.example/','aud':'chat'"
        }) {
      refused(strict, signed(claims(more)));
    }
    assertEquals(
        "aud: expected an array of strings", refused(strict, signed(claims(iss + ",'aud':7"))));
  }

  @Test
  void aTokenForAChannelIsNoneForASession() {
    String one = signed(claims(",'channel':'room:den'"));
    assertEquals("it is for a channel, and not for a session", refused(tokens, one));
    assertInstanceOf(Verdict.Good.class, tokens.verify(one, "ann", DEN));
    assertInstanceOf(Verdict.Bad.class, tokens.verify(one, "bob", DEN));
    assertInstanceOf(Verdict.Bad.class, tokens.verify(one, "ann", new ChannelName("room:other")));
  }

  @Test
  void aTokenForASessionIsNoneForAChannel() {
    assertInstanceOf(Verdict.Bad.class, tokens.verify(signed(claims("")), "ann", DEN));
    assertInstanceOf(
        Verdict.Bad.class, tokens.verify(signed(claims(",'channel':null")), "ann", DEN));
    refused(tokens, signed(claims(",'channel':null")));
  }

  @Test
  void theWordsForARefusalRepeatNothingOfTheToken() {
    for (String claims :
        new String[] {
          "{'exp':9999999999,'sub':'sesame\\nx'}",
          "{'exp':9999999999,'sub':'ann','name':'sesame\\nx'}",
          "{'exp':9999999999,'sub':'ann','switchboard':{'sesame':[]}}",
          "{'exp':9999999999,'sub':'ann','switchboard':{'publish':['sesame']}}",
        }) {
      assertFalse(refused(tokens, signed(claims)).contains("sesame"));
    }
  }
}
