package io.switchboard.transport.websocket;

import io.switchboard.admission.Gatekeeper;
import io.switchboard.admission.Shown;
import io.switchboard.channel.Text;
import io.switchboard.http.Problem;
import io.switchboard.http.Refusals;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;

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

  @Inject private transient Gatekeeper gatekeeper;
  @Inject private transient Later later;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    List<String> protocols = Collections.list(request.getHeaders("Sec-WebSocket-Protocol"));
    Optional<List<String>> offered = Subprotocols.parse(protocols);
    Optional<Problem> problem =
        notAnUpgrade(request)
            .or(() -> notAcceptable(request, offered))
            .or(() -> gatekeeper.foreign(request));
    if (problem.isPresent()) {
      refuse(request, response, problem.get());
      return;
    }
    Optional<Problem> busy = gatekeeper.notNow(request); // before anything costly is looked at
    if (busy.isPresent()) {
      refuse(request, response, busy.get());
      return;
    }
    List<String> entries = offered.orElse(List.of());
    Shown shown =
        gatekeeper.credentials(request, Subprotocols.tokens(entries), speaksSuperchat(entries));
    Optional<Problem> no = shown.refusal();
    if (no.isPresent()) {
      refuse(request, response, no.get());
      return;
    }
    Optional<Admission> admission = admit(request, shown, entries);
    if (admission.isEmpty()) {
      refuse(request, response, gatekeeper.tooLate());
      return;
    }
    chain.doFilter(new AdmittedRequest(request, admission.get(), later), response);
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

  private static boolean speaksSuperchat(List<String> offered) {
    return Subprotocols.choose(offered).equals(Optional.of(Subprotocols.SUPERCHAT));
  }

  /** Returns who is let in; nobody if another one was faster with the same ticket. */
  private Optional<Admission> admit(HttpServletRequest request, Shown shown, List<String> offered) {
    return gatekeeper
        .admit(shown)
        .map(
            pass ->
                new Admission(
                    pass,
                    gatekeeper.address(request),
                    Handshake.record(
                        request,
                        Handshake.key(request).orElseThrow(),
                        Subprotocols.choose(offered))));
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    gatekeeper.refused(problem);
    LOG.log(
        Level.DEBUG,
        () ->
            "handshake from %s refused: %s"
                .formatted(request.getRemoteAddr(), Text.printable(problem.toString())));
    Refusals.send(request, response, problem.header("Connection", "close"));
  }
}
