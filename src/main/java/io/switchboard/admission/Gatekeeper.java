package io.switchboard.admission;

import io.switchboard.admission.TrustedProxies.Sender;
import io.switchboard.auth.Grants;
import io.switchboard.auth.Identity;
import io.switchboard.auth.OriginPolicy;
import io.switchboard.auth.Pass;
import io.switchboard.auth.Tickets;
import io.switchboard.auth.Tokens;
import io.switchboard.channel.ChannelName;
import io.switchboard.http.Percent;
import io.switchboard.http.Problem;
import io.switchboard.session.Limit;
import io.switchboard.session.SessionRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides on requests that want a session, each with a problem document where the answer is no.
 *
 * <p>Safe for use by many threads. The questions are asked in the order of the methods.
 */
public final class Gatekeeper {
  /** The page's own host and port, whoever else may chat. */
  private static final OriginPolicy OWN = new OriginPolicy(List.of());

  /** The parameter of the query that holds a ticket. */
  private static final String TICKET = "ticket";

  private static final String BEARER = "Bearer ";

  /** What is wrong (RFC 6750 section 3.1). */
  private static final String INVALID_TOKEN = "Bearer error=\"invalid_token\"";

  private static final String NOT_ACCEPTED = "the credentials that were sent are not accepted";
  private static final Shown BAD = new Shown.Refused(unauthenticated(NOT_ACCEPTED, INVALID_TOKEN));

  private final GateSettings settings;
  private final HandshakeLimits limits;
  private final AddressRates guesses;
  private final SessionRegistry registry;
  private final Tickets tickets;
  private final Tokens tokens;
  private final GateMeter meter;

  /** Makes one for the sessions of {@code registry}. */
  public Gatekeeper(
      GateSettings settings,
      HandshakeLimits limits,
      AddressRates guesses,
      SessionRegistry registry,
      Tickets tickets,
      Tokens tokens,
      GateMeter meter) {
    this.settings = settings;
    this.limits = limits;
    this.guesses = guesses;
    this.registry = registry;
    this.tickets = tickets;
    this.tokens = tokens;
    this.meter = meter;
  }

  /** Notes that a request for a session is answered with {@code problem}. */
  public void refused(Problem problem) {
    meter.refused(problem);
  }

  /** Returns why pages of the request's origin may not connect. */
  public Optional<Problem> foreign(HttpServletRequest request) {
    String origin = origin(request);
    Sender sender = settings.proxies().sender(request);
    return settings.origins().allows(origin, sender.host(), sender.secure())
        ? Optional.empty()
        : Optional.of(
            Problem.of(403, "Origin not allowed", "Origin: pages of this origin may not connect"));
  }

  /** Returns why pages of the request's origin may not act as whom the container knows. */
  public Optional<Problem> foreignToLogin(HttpServletRequest request) {
    Sender sender = settings.proxies().sender(request);
    return settings.origins().allowsByName(origin(request), sender.host(), sender.secure())
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                403,
                "Origin not allowed",
                "Origin: pages of this origin may not use the log-in to this host"));
  }

  private static @Nullable String origin(HttpServletRequest request) {
    List<String> origins = Collections.list(request.getHeaders("Origin"));
    return origins.isEmpty() ? null : String.join(", ", origins);
  }

  /**
   * Returns what the request's credentials are worth. The first kind that it shows decides: the
   * container's principal, {@code Authorization}, tokens among its subprotocols, a ticket. Others
   * are not looked at, and a bad one is not made good by them.
   *
   * <p>A ticket is not used up, so that who comes at a bad moment may come again.
   *
   * @param tokens those that stand elsewhere than in {@code Authorization}
   * @param laterToken whether a token may still follow, by {@code connect}
   */
  public Shown credentials(HttpServletRequest request, List<String> tokens, boolean laterToken) {
    Principal principal = request.getUserPrincipal();
    if (principal != null) {
      return ofContainer(request, principal);
    }
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (!headers.isEmpty()) {
      boolean one = headers.size() == 1 && isBearer(headers.get(0));
      return one ? ofToken(headers.get(0).substring(BEARER.length()).strip()) : BAD;
    }
    if (!tokens.isEmpty()) {
      return tokens.size() == 1 ? ofToken(tokens.get(0)) : BAD;
    }
    List<String> shown = Percent.parameters(request.getQueryString(), TICKET);
    if (!shown.isEmpty()) {
      boolean good = shown.size() == 1 && tickets.isGood(shown.get(0));
      return good ? new Shown.Ticket(shown.get(0)) : BAD;
    }
    if (settings.guests()) {
      return new Shown.Good(new Pass(registry.guest()));
    }
    if (laterToken && this.tokens.accepted()) {
      return new Shown.Good(new Pass(registry.guest(), null, null, true));
    }
    return new Shown.Refused(
        unauthenticated("credentials are needed: guests are not let in", "Bearer"));
  }

  private static boolean isBearer(String header) {
    return header.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  /** A browser adds cookies and passwords by itself, so it must be a page that was named. */
  private Shown ofContainer(HttpServletRequest request, Principal principal) {
    String user = principal.getName();
    if (!isUsable(user)) {
      return new Shown.Refused(
          unauthenticated("the name of this user cannot be the name of a channel", "Bearer"));
    }
    Optional<Problem> foreign = foreignToLogin(request);
    if (foreign.isPresent()) {
      return new Shown.Refused(foreign.get());
    }
    Set<String> roles =
        settings.roles().stream().filter(request::isUserInRole).collect(Collectors.toSet());
    HttpSession login = request.getSession(false);
    return new Shown.Good(
        new Pass(
            new Identity(user, false, null, new Grants(roles, Map.of())),
            null,
            login == null ? null : login.getId(),
            false));
  }

  private Shown ofToken(String token) {
    Tokens.Verdict verdict = tokens.verify(token);
    if (verdict instanceof Tokens.Verdict.Unknown unknown) {
      return new Shown.Refused(unavailable("Keys out of reach", unknown.why(), 1));
    }
    if (verdict instanceof Tokens.Verdict.Bad bad) {
      return new Shown.Refused(
          unauthenticated("token: " + bad.why(), INVALID_TOKEN)
              .member("code", bad.expired() ? "token-expired" : "unauthenticated"));
    }
    Tokens.Verdict.Good good = (Tokens.Verdict.Good) verdict;
    return new Shown.Good(new Pass(good.identity(), good.expires()));
  }

  /** Counts the request; returns why it comes at a bad moment. */
  public Optional<Problem> notNow(HttpServletRequest request) {
    String address = address(request);
    if (!limits.allows(address)) {
      registry.limits().hit(Limit.HANDSHAKE_RATE);
      return Optional.of(tooMany("Too many handshakes", "too many handshakes from this address"));
    }
    return full(request);
  }

  /**
   * Returns why there is no room for one more from where the request comes from; counts nothing.
   */
  public Optional<Problem> full(HttpServletRequest request) {
    String address = address(request);
    if (registry.countFrom(address) >= settings.maxPerAddress()) {
      registry.limits().hit(Limit.CONNECTIONS_PER_ADDRESS);
      return Optional.of(tooMany("Too many connections", "too many connections from this address"));
    }
    if (registry.isDraining()) {
      return Optional.of(unavailable("Going down", "this node is going down", 1));
    }
    if (registry.size() >= settings.maxConnections()) {
      registry.limits().hit(Limit.CONNECTIONS);
      return Optional.of(unavailable("Full", "this node is full", 5));
    }
    return Optional.empty();
  }

  /**
   * Returns what lets in who has {@code shown} that, and uses up a ticket; nothing if another one
   * was faster with the same ticket, for which {@link #tooLate} has the words.
   */
  public Optional<Pass> admit(Shown shown) {
    if (shown instanceof Shown.Ticket ticket) {
      return tickets.redeem(ticket.ticket());
    }
    return shown instanceof Shown.Good good ? Optional.of(good.pass()) : Optional.empty();
  }

  /** Returns the answer to who came second with a ticket. */
  public Problem tooLate() {
    return unauthenticated(NOT_ACCEPTED, "Bearer");
  }

  /** Returns what the request counts as coming from. */
  public String address(HttpServletRequest request) {
    return ClientAddress.of(settings.proxies().sender(request).address());
  }

  /**
   * Notes that the secret which the request shows is wrong; returns the answer where its address
   * has guessed a lot.
   */
  public Optional<Problem> wrongSecret(HttpServletRequest request) {
    if (guesses.take(address(request))) {
      return Optional.empty();
    }
    registry.limits().hit(Limit.KEY_GUESSES);
    return Optional.of(
        tooMany("Too many wrong secrets", "too many wrong secrets from this address"));
  }

  /** Returns why pages of the request's origin may not act for whom the container knows. */
  public Optional<Problem> foreignToHost(HttpServletRequest request) {
    Sender sender = settings.proxies().sender(request);
    return OWN.allowsByName(origin(request), sender.host(), sender.secure())
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                403, "Origin not allowed", "Origin: only pages of this host may use the log-in"));
  }

  /** Returns the host and port that the client asked, as a trusted proxy tells it. */
  public Optional<String> host(HttpServletRequest request) {
    return Optional.ofNullable(settings.proxies().sender(request).host());
  }

  /** Returns whether the request left the client over TLS, as a trusted proxy tells it. */
  public boolean isSecure(HttpServletRequest request) {
    return settings.proxies().sender(request).secure();
  }

  private static Problem unauthenticated(String detail, String challenge) {
    return Problem.of(401, "Unauthenticated", detail).header("WWW-Authenticate", challenge);
  }

  private static boolean isUsable(@Nullable String user) {
    try {
      return user != null && ChannelName.user(user).localName().equals(user);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Problem tooMany(String title, String detail) {
    return Problem.of(429, title, detail).header("Retry-After", "1");
  }

  private static Problem unavailable(String title, String detail, int seconds) {
    return Problem.of(503, title, detail).header("Retry-After", Integer.toString(seconds));
  }
}
