package io.switchboard.ops;

import io.switchboard.engine.Availability;
import io.switchboard.session.SessionRegistry;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /health/started}, {@code GET /health/live} and {@code GET /health/ready}.
 *
 * <p>Started means that the WAR is deployed, live that the process serves; neither says anything of
 * a database, which no restart mends. Ready means that new clients are welcome, which ends when the
 * node drains, and pauses while the engine cannot keep what they publish. A node that is not ready
 * must not be restarted for it.
 */
@WebServlet(urlPatterns = {"/health/started", "/health/live", "/health/ready"})
public class HealthServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Inject private transient SessionRegistry registry;
  @Inject private transient Availability availability;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String reason =
        !request.getServletPath().endsWith("ready")
            ? ""
            : registry.isDraining()
                ? "draining"
                : availability.isAvailable() ? "" : "engine-unavailable";
    boolean up = reason.isEmpty();
    byte[] body =
        (up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\",\"reason\":\"" + reason + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    response.setStatus(up ? 200 : 503);
    response.setHeader("Cache-Control", "no-store");
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
