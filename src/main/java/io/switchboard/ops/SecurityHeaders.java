package io.switchboard.ops;

import io.switchboard.admission.Gatekeeper;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells browsers what the pages may do, which is nothing that they do not need, and that nobody may
 * frame them; and that answers to programs are what they say and are not to be kept.
 *
 * <p>They are set before anybody answers, so that whoever answers may say something else.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class SecurityHeaders extends HttpFilter {
  private static final long serialVersionUID = 1;

  /** What programs talk to. Its answers are many and small: only what they need is said there. */
  private static final Pattern FOR_PROGRAMS =
      Pattern.compile("/(?:chat|api|lab|health|metrics)(?:/.*)?");

  /** What may stand in a policy; in particular not an IPv6 address, which browsers refuse there. */
  private static final Pattern HOST = Pattern.compile("[a-z0-9._-]{1,253}(?::[0-9]{1,5})?");

  /**
   * Scripts and styles of files only; pictures that were sent are {@code blob:}. Text is never made
   * markup or script by a page of ours, so browsers that know trusted types may refuse it.
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
          + "connect-src 'self'%s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          + "require-trusted-types-for 'script'";

  @Inject private transient Gatekeeper gatekeeper;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("X-Content-Type-Options", "nosniff");
    String path = request.getServletPath();
    if (FOR_PROGRAMS.matcher(path).matches()) {
      if (request.getHeader("Upgrade") == null) { // nobody keeps a 101
        response.setHeader("Cache-Control", "no-store");
      }
    } else {
      forPages(request, response);
    }
    chain.doFilter(request, response);
  }

  private void forPages(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Content-Security-Policy", POLICY.formatted(webSockets(request)));
    response.setHeader("X-Frame-Options", "DENY"); // what frame-ancestors says, for old browsers
    response.setHeader("Referrer-Policy", "no-referrer"); // an address may hold a room or a ticket
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    if (gatekeeper.isSecure(request)) { // elsewhere browsers ignore it, and complain
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    }
  }

  /** Older Safaris do not count WebSockets of the page's own host as {@code 'self'}. */
  private String webSockets(HttpServletRequest request) {
    return gatekeeper
        .host(request)
        .map(host -> host.toLowerCase(Locale.ROOT))
        .filter(host -> HOST.matcher(host).matches())
        .map(host -> " ws://%s wss://%s".formatted(host, host))
        .orElse("");
  }
}
