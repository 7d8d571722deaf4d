package io.switchboard.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import io.switchboard.auth.Identity;
import io.switchboard.auth.Tokens;
import io.switchboard.channel.ChannelName;
import java.security.Key;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that are signed JWTs.
 *
 * <p>A token holds until {@code exp} and the skew that clocks may have, and must have one. Nothing
 * that is refused is repeated in the words for it, and nothing is logged.
 */
public final class JwtTokens implements Tokens {
  /** The longest token, in characters. */
  static final int MAX_LENGTH = 8_192;

  /** The claim that makes a token one for a channel, and not for a session. */
  static final String CHANNEL = "channel";

  /** What tokens of other uses, such as log-out, do not call themselves (RFC 8725 section 3.11). */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private final JwtSettings settings;
  private final Keys keys;
  private final @Nullable RemoteKeys remote;
  private final Clock clock;

  /**
   * Makes one.
   *
   * @param background fetches keys, and may wait; not used where they are known
   */
  public JwtTokens(
      JwtSettings settings,
      Executor background,
      Clock clock,
      LongSupplier nanos,
      RandomGenerator random) {
    this.settings = settings;
    this.clock = clock;
    if (settings.keys() instanceof JwtSettings.KeySource.Remote source) {
      remote = new RemoteKeys(new JwksEndpoint(source.url()), background, nanos, random);
      keys = remote;
    } else {
      Key key = ((JwtSettings.KeySource.Fixed) settings.keys()).key();
      remote = null;
      keys = (algorithm, kid) -> new Keys.Found(List.of(key), false);
    }
  }

  /** Gives up what is being fetched. */
  public void end() {
    if (remote != null) {
      remote.end();
    }
  }

  /** Has keys fetched that are due; to be called about once a second. */
  public void beat() {
    if (remote != null) {
      remote.beat();
    }
  }

  @Override
  public boolean accepted() {
    return true;
  }

  @Override
  public Verdict verify(String token) {
    try {
      Checked checked = check(token);
      if (checked.claims().has(CHANNEL)) {
        throw new BadToken("it is for a channel, and not for a session");
      }
      return new Verdict.Good(checked.claims().identity(settings.claims()), checked.until());
    } catch (BadToken e) {
      return e.verdict();
    }
  }

  @Override
  public Verdict verify(String token, String user, ChannelName channel) {
    try {
      Checked checked = check(token);
      if (!checked.claims().text(CHANNEL).equals(Optional.of(channel.value()))) {
        throw new BadToken("channel: it is not for this one");
      }
      Identity identity = checked.claims().identity(settings.claims());
      if (!identity.user().equals(user)) {
        throw new BadToken(settings.claims().user() + ": it is of another user");
      }
      return new Verdict.Good(identity, checked.until());
    } catch (BadToken e) {
      return e.verdict();
    }
  }

  /** What a token says that may be believed. */
  private record Checked(Claims claims, Instant until) {}

  private Checked check(String token) throws BadToken {
    JWSObject jws = parse(token);
    Algorithm algorithm = algorithm(jws.getHeader());
    checkSignature(jws, algorithm);
    Map<String, Object> payload = jws.getPayload().toJSONObject();
    if (payload == null) {
      throw new BadToken("it holds no claims");
    }
    Claims claims = new Claims(payload);
    Instant until = checkTimes(claims);
    if (settings.issuer().isPresent() && !claims.text("iss").equals(settings.issuer())) {
      throw new BadToken("iss: it is of another issuer");
    }
    if (settings.audience().isPresent()
        && !claims.texts("aud").contains(settings.audience().get())) {
      throw new BadToken("aud: it is for somebody else");
    }
    return new Checked(claims, until);
  }

  private static JWSObject parse(String token) throws BadToken {
    if (token.length() > MAX_LENGTH) {
      throw new BadToken("it is longer than %d characters".formatted(MAX_LENGTH));
    }
    try {
      return JWSObject.parse(token);
    } catch (ParseException | IllegalArgumentException e) {
      throw new BadToken("it is no signed JWT");
    }
  }

  private Algorithm algorithm(JWSHeader header) throws BadToken {
    Set<Algorithm> pinned = settings.algorithms();
    Algorithm algorithm =
        Algorithm.of(header.getAlgorithm().getName())
            .filter(pinned::contains)
            .orElseThrow(
                () ->
                    new BadToken(
                        "alg: expected "
                            + pinned.stream()
                                .sorted()
                                .map(Algorithm::value)
                                .collect(Collectors.joining(" or "))));
    if (header.getCriticalParams() != null) {
      throw new BadToken("crit: none of it is understood here");
    }
    if (header.getType() != null
        && !TYPES.contains(header.getType().getType().toLowerCase(Locale.ROOT))) {
      throw new BadToken("typ: expected JWT or at+jwt");
    }
    return algorithm;
  }

  private void checkSignature(JWSObject jws, Algorithm algorithm) throws BadToken {
    Keys.Found found = keys.find(algorithm, jws.getHeader().getKeyID());
    if (found.keys().stream().anyMatch(key -> Signatures.isRight(jws, key))) {
      return;
    }
    if (found.later()) {
      throw new BadToken(new Verdict.Unknown("the keys for tokens are out of reach"));
    }
    throw new BadToken("its signature is not right");
  }

  /** Returns until when the token holds. */
  private Instant checkTimes(Claims claims) throws BadToken {
    Instant now = clock.instant();
    Duration skew = settings.skew();
    Instant expires =
        claims
            .instant("exp")
            .orElseThrow(() -> new BadToken("exp: expected seconds since 1970, it must end"));
    Instant until = expires.plus(skew);
    if (!now.isBefore(until)) {
      throw new BadToken(new Verdict.Bad("exp: it has expired", true));
    }
    for (String claim : List.of("nbf", "iat")) {
      Optional<Instant> from = claims.instant(claim);
      if (from.isPresent() && now.plus(skew).isBefore(from.get())) {
        throw new BadToken(claim + ": it does not hold yet");
      }
    }
    return until;
  }

  /** A token that does not count. */
  static final class BadToken extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Verdict verdict;

    BadToken(String why) {
      this(new Verdict.Bad(why, false));
    }

    BadToken(Verdict verdict) {
      super(verdict.toString(), null, false, false);
      this.verdict = verdict;
    }

    Verdict verdict() {
      return verdict;
    }
  }
}
