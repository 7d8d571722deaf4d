package io.switchboard.wire;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;

/**
 * Added to a deployment in place of a container's login: whoever names itself in {@link #HEADER} is
 * believed.
 */
public class KnownUserFilter extends HttpFilter {
  private static final long serialVersionUID = 1;

  /** The header that names the user. */
  static final String HEADER = "X-Test-User";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String user = request.getHeader(HEADER);
    if (user == null) {
      chain.doFilter(request, response);
      return;
    }
    chain.doFilter(
        new HttpServletRequestWrapper(request) {
          @Override
          public Principal getUserPrincipal() {
            return () -> user;
          }
        },
        response);
  }
}
