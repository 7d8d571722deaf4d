package io.switchboard.wire;

import io.switchboard.session.SessionRegistry;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.TreeSet;

/**
 * Added to a deployment where the container logs users in: what an application does with its log-in
 * at {@code /test/login/…}, and what Switchboard knows of the user.
 */
@WebServlet("/test/login/*")
public class LoginServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Inject
  @SuppressWarnings("NullAway.Init")
  private transient SessionRegistry registry;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    PrintWriter out = response.getWriter();
    switch (String.valueOf(request.getPathInfo())) {
      case "/in" -> out.print(request.getSession(true).getId());
      case "/rename" -> out.print(request.changeSessionId());
      case "/short" -> request.getSession(true).setMaxInactiveInterval(1);
      case "/out" -> {
        HttpSession session = request.getSession(false);
        if (session != null) {
          session.invalidate();
        }
      }
      default ->
          registry
              .of(request.getRemoteUser())
              .forEach(
                  session ->
                      out.println(
                          session.id()
                              + " "
                              + new TreeSet<>(session.identity().grants().roles())
                              + " "
                              + (request.getSession(false) != null)));
    }
  }
}
