package io.switchboard.wire;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Added to one deployment: tells what its beans have heard, one line each. */
@WebServlet("/test/heard")
public class HeardServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Inject
  @SuppressWarnings("NullAway.Init")
  private transient Heard heard;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    response.setCharacterEncoding("UTF-8");
    response.getWriter().print(String.join("\n", heard.lines()));
  }
}
