package io.switchboard.api;

import io.switchboard.admission.AddressRates;
import io.switchboard.admission.Gatekeeper;
import io.switchboard.auth.ApiKeys;
import io.switchboard.auth.Caller;
import io.switchboard.auth.Identity;
import io.switchboard.auth.Scope;
import io.switchboard.auth.Tokens;
import io.switchboard.http.Problem;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.session.Limit;
import io.switchboard.session.LimitCounts;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one place that says who calls the server API: by a key, or by a token whose scopes say what
 * its bearer may do here. Safe for use by many threads.
 *
 * <p>An address that has shown too many wrong ones is refused before what it shows is looked at: a
 * limit that still said which one is right would be none.
 */
public final class Callers {
  private static final Logger LOG = System.getLogger(Callers.class.getName());
  private static final String SCHEME = "Bearer ";
  private static final String EXPECTED = "Authorization: expected Bearer and an API key";

  private final ApiKeys keys;
  private final Tokens tokens;
  private final Gatekeeper gatekeeper;
  private final AddressRates guesses;
  private final LimitCounts counts;

  /**
   * Makes one.
   *
   * @param gatekeeper says where a request comes from
   * @param guesses how many wrong keys and tokens an address may show
   */
  public Callers(
      ApiKeys keys,
      Tokens tokens,
      Gatekeeper gatekeeper,
      AddressRates guesses,
      LimitCounts counts) {
    this.keys = keys;
    this.tokens = tokens;
    this.gatekeeper = gatekeeper;
    this.guesses = guesses;
    this.counts = counts;
  }

  /** Returns what counts who reached a limit. */
  LimitCounts counts() {
    return counts;
  }

  /** Returns who sends {@code request}. */
  Caller caller(HttpServletRequest request) throws Refused {
    String authorization = request.getHeader("Authorization");
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return byLogin(request);
    }
    String address = gatekeeper.address(request);
    if (!guesses.isWithin(address)) {
      counts.hit(Limit.KEY_GUESSES);
      throw new Refused(
          Problem.of(429, "Too many requests", "too many wrong keys from this address")
              .header("Retry-After", "1")
              .member("code", ErrorCode.RATE_LIMITED.code()));
    }
    String shown = authorization.substring(SCHEME.length()).strip();
    Optional<Caller> byKey = keys.callerBy(shown);
    return byKey.isPresent() ? byKey.get() : byToken(shown, address);
  }

  /** Returns whom the container has logged in, with the scopes that are roles there. */
  private Caller byLogin(HttpServletRequest request) throws Refused {
    Principal principal = request.getUserPrincipal();
    if (principal == null) {
      throw unauthenticated(EXPECTED, null);
    }
    Optional<Problem> foreign = gatekeeper.foreignToHost(request);
    if (foreign.isPresent()) {
      throw new Refused(foreign.get());
    }
    if (!request.getMethod().equals("GET") && request.getHeader("Origin") == null) {
      // A browser says where a page is from that has it change something.
      throw new Refused(
          Problem.of(
              403, "Forbidden", "Origin: expected the page's, where the server knows the user"));
    }
    Set<Scope> scopes =
        Arrays.stream(Scope.values())
            .filter(scope -> request.isUserInRole(Scope.PREFIX + scope.word()))
            .collect(Collectors.toSet());
    return new Caller("user " + principal.getName(), scopes);
  }

  private Caller byToken(String shown, String address) throws Refused {
    Tokens.Verdict verdict =
        tokens.accepted() ? tokens.verify(shown) : new Tokens.Verdict.Bad(EXPECTED, false);
    if (verdict instanceof Tokens.Verdict.Good good) {
      Identity identity = good.identity();
      return new Caller(
          "user " + identity.user(), Scope.among(identity.grants().roles()), good.expires());
    }
    if (verdict instanceof Tokens.Verdict.Unknown unknown) {
      throw new Refused(Refused.unavailable(unknown.why()));
    }
    Tokens.Verdict.Bad bad = (Tokens.Verdict.Bad) verdict;
    guesses.take(address);
    // At most as often as the limit says: beyond, nothing is looked at and nothing said.
    LOG.log(Level.INFO, "a wrong API key was shown from {0}", address);
    throw unauthenticated(
        tokens.accepted() ? EXPECTED + " or a token: " + bad.why() : EXPECTED, "invalid_token");
  }

  /** Returns why who sends {@code request} may not do what needs all of {@code needed}. */
  public Optional<Problem> refusal(HttpServletRequest request, Set<Scope> needed) {
    try {
      check(caller(request), needed);
      return Optional.empty();
    } catch (Refused e) {
      return Optional.of(e.problem());
    }
  }

  /** Refuses a caller whose scopes do not suffice, naming those that are needed. */
  static void check(Caller caller, Set<Scope> needed) throws Refused {
    if (caller.may(needed)) {
      return;
    }
    String words = Scope.words(needed);
    throw new Refused(
        Problem.of(
                403,
                "Forbidden",
                "Authorization: expected a key with %s, this one has %s"
                    .formatted(words, Scope.words(caller.scopes())))
            .header(
                "WWW-Authenticate",
                "Bearer error=\"insufficient_scope\", scope=\"%s\""
                    .formatted(words.replace(",", "")))
            .member("code", ErrorCode.FORBIDDEN.code()));
  }

  /** Returns the answer of RFC 6750 section 3 to who did not show a good one. */
  private static Refused unauthenticated(String detail, @Nullable String error) {
    return new Refused(
        Problem.of(401, "Unauthenticated", detail)
            .header(
                "WWW-Authenticate",
                error == null ? "Bearer" : "Bearer error=\"%s\"".formatted(error)));
  }
}
