package io.switchboard.transport.websocket;

import io.switchboard.auth.Identity;
import io.switchboard.auth.Tickets;
import io.switchboard.channel.ChannelName;
import io.switchboard.http.Percent;
import io.switchboard.http.Problem;
import io.switchboard.session.SessionRegistry;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides every handshake before the container answers it: endpoints and configurators come too
 * late to choose a status.
 *
 * <p>The checks stand in one order: method, upgrade, key, subprotocol, origin, credentials, rate,
 * room. A refusal is a problem document and closes the connection, so that nothing that was sent
 * behind a refused upgrade is taken for a request.
 */
@WebFilter(urlPatterns = "/chat", asyncSupported = true)
public class HandshakeGate extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = System.getLogger(HandshakeGate.class.getName());

  /** The parameter of the query that holds a ticket. */
  private static final String TICKET = "ticket";

  private static final String NOT_ACCEPTED = "the credentials that were sent are not accepted";

  @Inject private transient SessionRegistry registry;
  @Inject private transient GateSettings settings;
  @Inject private transient HandshakeLimits limits;
  @Inject private transient Tickets tickets;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    List<String> protocols = Collections.list(request.getHeaders("Sec-WebSocket-Protocol"));
    Optional<List<String>> offered = Subprotocols.parse(protocols);
    Optional<Problem> problem =
        notAnUpgrade(request)
            .or(() -> notAcceptable(request, offered))
            .or(() -> notAllowed(request, offered.orElse(List.of())))
            .or(() -> notNow(request));
    if (problem.isPresent()) {
      refuse(request, response, problem.get());
      return;
    }
    Optional<Admission> admission = admit(request, offered.orElse(List.of()));
    if (admission.isEmpty()) {
      refuse(request, response, unauthenticated(NOT_ACCEPTED));
      return;
    }
    chain.doFilter(new AdmittedRequest(request, admission.get()), response);
  }

  private static Optional<Problem> notAnUpgrade(HttpServletRequest request) {
    boolean upgrade = Handshake.isUpgrade(request);
    if (upgrade && !request.getMethod().equals("GET")) {
      return Optional.of(
          Problem.of(405, "Method not allowed", "a WebSocket is opened by GET")
              .header("Allow", "GET"));
    }
    List<String> versions = Collections.list(request.getHeaders("Sec-WebSocket-Version"));
    if (!upgrade || !versions.equals(List.of("13"))) {
      return Optional.of(
          Problem.of(
                  426,
                  "Upgrade required",
                  "this is a WebSocket endpoint: send Upgrade: websocket, Connection: Upgrade and"
                      + " Sec-WebSocket-Version: 13")
              .header("Upgrade", "websocket")
              .header("Sec-WebSocket-Version", "13"));
    }
    return Optional.empty();
  }

  private static Optional<Problem> notAcceptable(
      HttpServletRequest request, Optional<List<String>> offered) {
    if (Handshake.key(request).isEmpty()) {
      return Optional.of(
          Problem.of(400, "Bad handshake", "Sec-WebSocket-Key: expected 16 bytes of Base64, once"));
    }
    if (offered.isEmpty()) {
      return Optional.of(
          Problem.of(400, "Bad handshake", "Sec-WebSocket-Protocol: expected a list of tokens"));
    }
    boolean hasLanguages =
        offered.get().stream().anyMatch(entry -> !entry.startsWith(Subprotocols.BEARER));
    if (hasLanguages && Subprotocols.choose(offered.get()).isEmpty()) {
      return Optional.of(
          Problem.of(
              400,
              "Unknown subprotocol",
              "Sec-WebSocket-Protocol: expected "
                  + String.join(" or ", Subprotocols.SUPPORTED)
                  + ", or none"));
    }
    return Optional.empty();
  }

  private Optional<Problem> notAllowed(HttpServletRequest request, List<String> offered) {
    List<String> origins = Collections.list(request.getHeaders("Origin"));
    String origin = origins.isEmpty() ? null : String.join(", ", origins);
    if (!settings.origins().allows(origin, request.getHeader("Host"), request.isSecure())) {
      return Optional.of(
          Problem.of(403, "Origin not allowed", "Origin: pages of this origin may not connect"));
    }
    boolean notServed =
        request.getHeader("Authorization") != null
            || offered.stream().anyMatch(entry -> entry.startsWith(Subprotocols.BEARER));
    List<String> shown = Percent.parameters(request.getQueryString(), TICKET);
    // Looked at here and used up at the end, so that who comes at a bad moment may come again.
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

  private Optional<Problem> notNow(HttpServletRequest request) {
    String address = ClientAddress.of(request.getRemoteAddr());
    if (!limits.allows(address)) {
      return Optional.of(tooMany("too many handshakes from this address"));
    }
    if (registry.countFrom(address) >= settings.maxPerAddress()) {
      return Optional.of(tooMany("too many connections from this address"));
    }
    if (registry.isDraining()) {
      return Optional.of(unavailable("this node is going down", 1));
    }
    if (registry.size() >= settings.maxConnections()) {
      return Optional.of(unavailable("this node is full", 5));
    }
    return Optional.empty();
  }

  private static Problem tooMany(String detail) {
    return Problem.of(429, "Too many requests", detail).header("Retry-After", "1");
  }

  private static Problem unavailable(String detail, int seconds) {
    return Problem.of(503, "Unavailable", detail).header("Retry-After", Integer.toString(seconds));
  }

  /** Returns who is let in; nobody if another one was faster with the same ticket. */
  private Optional<Admission> admit(HttpServletRequest request, List<String> offered) {
    return identity(request)
        .map(
            identity ->
                new Admission(
                    identity,
                    ClientAddress.of(request.getRemoteAddr()),
                    Handshake.record(
                        request,
                        Handshake.key(request).orElseThrow(),
                        Subprotocols.choose(offered))));
  }

  private Optional<Identity> identity(HttpServletRequest request) {
    Principal principal = request.getUserPrincipal();
    if (principal != null) {
      return Optional.of(new Identity(principal.getName(), false));
    }
    List<String> shown = Percent.parameters(request.getQueryString(), TICKET);
    return shown.isEmpty() ? Optional.of(registry.guest()) : tickets.redeem(shown.get(0));
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    LOG.log(
        Level.DEBUG,
        () -> "handshake from %s refused: %s".formatted(request.getRemoteAddr(), problem));
    problem.header("Connection", "close").send(response);
  }
}
