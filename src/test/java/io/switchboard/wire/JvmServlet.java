package io.switchboard.wire;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Tells what is in the JVM of a server after a full collection: the class loaders of deployments
 * and what is left of ours, with their numbers, and the threads that see the classes of one, or
 * have a name of ours.
 */
@WebServlet("/jvm")
public class JvmServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  /** Of which nothing may be left: all that is large hangs on these. */
  private static final Set<String> OURS =
      Set.of(
          "io.switchboard.boot.Application",
          "io.switchboard.hub.Hub",
          "io.switchboard.session.SessionRegistry",
          "io.switchboard.session.ClientSession");

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    StringBuilder told = new StringBuilder();
    for (String line : histogram().split("\n", -1)) {
      // "  12:   3   264   org.apache.catalina.loader.ParallelWebappClassLoader"
      List<String> columns = Arrays.asList(line.trim().split("\\s+", -1));
      if (columns.size() > 3
          && (columns.get(3).endsWith("WebappClassLoader") || OURS.contains(columns.get(3)))) {
        told.append("%s %s%n".formatted(columns.get(3), columns.get(1)));
      }
    }
    ClassLoader mine = Thread.currentThread().getContextClassLoader();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      ClassLoader seen = thread.getContextClassLoader();
      boolean ofDeployment =
          seen != null && seen != mine && seen.getClass().getName().endsWith("WebappClassLoader");
      if (thread.getName().startsWith("switchboard") || ofDeployment) {
        told.append("thread %s%n".formatted(thread.getName()));
      }
    }
    response.setContentType("text/plain");
    response.getWriter().write(told.toString());
  }

  private static String histogram() throws IOException {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IOException("no histogram", e);
    }
  }
}
