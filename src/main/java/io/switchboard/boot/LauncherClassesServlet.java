package io.switchboard.boot;

import io.switchboard.http.Problem;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Hides the classes of the launcher: {@code java -jar} needs them at the root of the WAR, where a
 * server would offer them for download.
 */
@WebServlet("/io/*")
public class LauncherClassesServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Problem.of(404, "Not found", "there is nothing here").send(response);
  }
}
