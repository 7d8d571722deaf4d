package io.switchboard.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.switchboard.auth.Identity;
import io.switchboard.auth.Tokens.Verdict;
import io.switchboard.auth.jwt.JwtSettings.ClaimNames;
import io.switchboard.auth.jwt.JwtSettings.KeySource;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Text;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.SignedToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;

/** Who signs nothing is nobody, and who signs nonsense is refused in words. */
class TokensFuzzTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final FakeTime TIME = new FakeTime();
  private static final JwtTokens TOKENS = tokens();

  /** Parts of tokens, so that some look like one. */
  private static final String[] PARTS = {
    "eyJhbGciOiJIUzI1NiJ9",
    "eyJhbGciOiJub25lIn0",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ",
    "eyJzdWIiOiJhbm4iLCJleHAiOjk5OTk5OTk5OTl9",
    ".",
    "..",
    "e30",
    "="
  };

  /** Parts of claims, in JSON with single quotes. */
  private static final String[] CLAIMS = {
    "'sub':'ann'",
    "'sub':",
    "'exp':9999999999",
    "'exp':1e99",
    "'exp':",
    "'nbf':",
    "'name':",
    "'realm_access':{'roles':['a']}",
    "'scope':",
    "'switchboard':{'subscribe':['room:*']}",
    "'switchboard':{'publish':",
    "'channel':'room:a'",
    "[",
    "]",
    "{",
    "}",
    "null",
    "-1"
  };

  private static JwtTokens tokens() {
    SecretKeySpec key = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HMAC");
    return new JwtTokens(
        new JwtSettings(
            new KeySource.Fixed(key),
            Algorithm.usual(key),
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(30),
            new ClaimNames("sub", "name", "realm_access.roles")),
        Runnable::run,
        TIME,
        TIME,
        new Random(1));
  }

  private static String consume(FuzzedDataProvider data, String[] parts, String between) {
    StringBuilder text = new StringBuilder();
    for (int i = data.consumeInt(0, 8); i > 0; i--) {
      text.append(data.consumeBoolean() ? data.pickValue(parts) : data.consumeString(12));
      text.append(between);
    }
    return text.toString();
  }

  @FuzzTest
  void strangers(FuzzedDataProvider data) {
    String token = consume(data, PARTS, "") + data.consumeRemainingAsString();
    Verdict.Bad bad = assertInstanceOf(Verdict.Bad.class, TOKENS.verify(token));
    assertFalse(bad.why().isEmpty());
  }

  @FuzzTest
  void signed(FuzzedDataProvider data) {
    String claims = "{" + consume(data, CLAIMS, ",") + "'iat':1" + data.consumeString(20) + "}";
    Verdict verdict = TOKENS.verify(SignedToken.hs256(SECRET, claims));
    if (verdict instanceof Verdict.Good good) {
      Identity identity = good.identity();
      assertFalse(identity.guest());
      assertTrue(ChannelName.user(identity.user()).value().endsWith(identity.user()));
      String name = identity.name();
      assertTrue(name == null || !Text.hasControlCharacter(name), claims);
      assertTrue(good.expires() != null && good.expires().isAfter(TIME.instant()), claims);
    } else {
      assertFalse(assertInstanceOf(Verdict.Bad.class, verdict).why().isEmpty(), claims);
    }
  }
}
