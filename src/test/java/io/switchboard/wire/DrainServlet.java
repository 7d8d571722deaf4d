package io.switchboard.wire;

import io.switchboard.session.SessionRegistry;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Added to one deployment, so that a test can have it drain without taking it away. */
@WebServlet("/test/drain")
public class DrainServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Inject
  @SuppressWarnings("NullAway.Init")
  private transient SessionRegistry registry;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    var unused = registry.drain(); // the test watches its sessions
    response.setStatus(202);
  }
}
