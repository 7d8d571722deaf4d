package io.switchboard.admission;

import io.switchboard.admission.TrustedProxies.Sender;
import io.switchboard.auth.Identity;
import io.switchboard.auth.Tickets;
import io.switchboard.channel.ChannelName;
import io.switchboard.http.Percent;
import io.switchboard.http.Problem;
import io.switchboard.session.Limit;
import io.switchboard.session.SessionRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides on requests that want a session, each with a problem document where the answer is no.
 *
 * <p>Safe for use by many threads. The questions are asked in the order of the methods.
 */
public final class Gatekeeper {
  /** The parameter of the query that holds a ticket. */
  private static final String TICKET = "ticket";

  private static final String NOT_ACCEPTED = "the credentials that were sent are not accepted";

  private final GateSettings settings;
  private final HandshakeLimits limits;
  private final SessionRegistry registry;
  private final Tickets tickets;

  /** Makes one for the sessions of {@code registry}. */
  public Gatekeeper(
      GateSettings settings, HandshakeLimits limits, SessionRegistry registry, Tickets tickets) {
    this.settings = settings;
    this.limits = limits;
    this.registry = registry;
    this.tickets = tickets;
  }

  /** Returns why pages of the request's origin may not connect. */
  public Optional<Problem> foreign(HttpServletRequest request) {
    List<String> origins = Collections.list(request.getHeaders("Origin"));
    String origin = origins.isEmpty() ? null : String.join(", ", origins);
    Sender sender = settings.proxies().sender(request);
    return settings.origins().allows(origin, sender.host(), sender.secure())
        ? Optional.empty()
        : Optional.of(
            Problem.of(403, "Origin not allowed", "Origin: pages of this origin may not connect"));
  }

  /**
   * Returns why the request's credentials are not good enough. A ticket is looked at and not used
   * up, so that who comes at a bad moment may come again.
   *
   * @param otherCredentials whether it shows some that are not known here
   */
  public Optional<Problem> unknown(HttpServletRequest request, boolean otherCredentials) {
    boolean notServed = otherCredentials || request.getHeader("Authorization") != null;
    List<String> shown = Percent.parameters(request.getQueryString(), TICKET);
    boolean hasTicket = !notServed && shown.size() == 1 && tickets.isGood(shown.get(0));
    Principal principal = request.getUserPrincipal();
    if (principal != null && !isUsable(principal.getName())) {
      return Optional.of(unauthenticated("the name of this user cannot be the name of a channel"));
    }
    if (principal != null || hasTicket) {
      return Optional.empty();
    }
    if (notServed || !shown.isEmpty()) {
      return Optional.of(unauthenticated(NOT_ACCEPTED));
    }
    return settings.guests()
        ? Optional.empty()
        : Optional.of(unauthenticated("credentials are needed: guests are not let in"));
  }

  /** Counts the request; returns why it comes at a bad moment. */
  public Optional<Problem> notNow(HttpServletRequest request) {
    String address = address(request);
    if (!limits.allows(address)) {
      registry.limits().hit(Limit.HANDSHAKE_RATE);
      return Optional.of(tooMany("too many handshakes from this address"));
    }
    if (registry.countFrom(address) >= settings.maxPerAddress()) {
      registry.limits().hit(Limit.CONNECTIONS_PER_ADDRESS);
      return Optional.of(tooMany("too many connections from this address"));
    }
    if (registry.isDraining()) {
      return Optional.of(unavailable("this node is going down", 1));
    }
    if (registry.size() >= settings.maxConnections()) {
      registry.limits().hit(Limit.CONNECTIONS);
      return Optional.of(unavailable("this node is full", 5));
    }
    return Optional.empty();
  }

  /**
   * Returns who is let in, and uses up the ticket that was shown; nobody if another one was faster
   * with the same ticket, for which {@link #tooLate} has the words.
   */
  public Optional<Identity> admit(HttpServletRequest request) {
    Principal principal = request.getUserPrincipal();
    if (principal != null) {
      return Optional.of(new Identity(principal.getName(), false));
    }
    List<String> shown = Percent.parameters(request.getQueryString(), TICKET);
    return shown.isEmpty() ? Optional.of(registry.guest()) : tickets.redeem(shown.get(0));
  }

  /** Returns the answer to who came second with a ticket. */
  public Problem tooLate() {
    return unauthenticated(NOT_ACCEPTED);
  }

  /** Returns what the request counts as coming from. */
  public String address(HttpServletRequest request) {
    return ClientAddress.of(settings.proxies().sender(request).address());
  }

  private static Problem unauthenticated(String detail) {
    return Problem.of(401, "Unauthenticated", detail).header("WWW-Authenticate", "Bearer");
  }

  private static boolean isUsable(@Nullable String user) {
    try {
      return user != null && ChannelName.user(user).localName().equals(user);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Problem tooMany(String detail) {
    return Problem.of(429, "Too many requests", detail).header("Retry-After", "1");
  }

  private static Problem unavailable(String detail, int seconds) {
    return Problem.of(503, "Unavailable", detail).header("Retry-After", Integer.toString(seconds));
  }
}
