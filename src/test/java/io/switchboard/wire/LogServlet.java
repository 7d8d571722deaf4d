package io.switchboard.wire;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Added to one deployment: everything that Switchboard logs at any level, from its start on. */
@WebServlet(urlPatterns = "/test/log", loadOnStartup = 1)
public class LogServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient Logger logger = Logger.getLogger("io.switchboard");
  private final transient Kept kept = new Kept();

  private static final class Kept extends Handler {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord line) {
      lines.add(new SimpleFormatter().format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Override
  public void init() {
    logger.setLevel(Level.ALL);
    kept.setLevel(Level.ALL);
    logger.addHandler(kept);
  }

  @Override
  public void destroy() {
    logger.removeHandler(kept);
    logger.setLevel(null);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    response.setCharacterEncoding("UTF-8");
    response.getWriter().print(String.join("", kept.lines));
  }
}
