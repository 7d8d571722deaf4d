package io.switchboard.boot;

import io.switchboard.http.Problem;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts Switchboard when the WAR is deployed and stops it when the WAR is taken away.
 *
 * <p>Listeners are told of the end in the reverse order of their registration. On Tomcat an
 * annotated one comes last, when the container has cut its WebSockets; there {@link WarInitializer}
 * registers a second one behind the container's own. Whichever is told first does the work.
 */
@WebListener
public class WarListener implements ServletContextListener {
  private static final Logger LOG = System.getLogger(WarListener.class.getName());

  /** Where the running application is kept, or why it does not run, for both listeners. */
  private static final String APPLICATION = Application.class.getName();

  /**
   * Where a server that stops finds what is to be run while it still serves: a {@link Runnable},
   * which ends within the drain's timeout.
   */
  private static final String DRAIN = "io.switchboard.drain";

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    if (context.getAttribute(APPLICATION) != null) {
      return;
    }
    try {
      Problem.link();
      Settings settings = SettingsLoader.load(parameters(context));
      Beans beans = CDI.current().select(Beans.class).get();
      Application started =
          new Application(
              settings,
              beans.policy(settings.namespaces()),
              beans.observers(),
              context.getContextPath());
      context.setAttribute(APPLICATION, started);
      beans.show(started);
      Runnable drain = started::drain;
      context.setAttribute(DRAIN, drain);
      LOG.log(
          Level.INFO,
          "Switchboard serves {0}/chat, its home is {1}",
          context.getContextPath(),
          settings.home());
    } catch (RuntimeException | LinkageError e) {
      context.setAttribute(APPLICATION, e); // so that the other listener does not try again
      // Servers differ in what they show of an exception; this line is the same on all of them.
      LOG.log(Level.ERROR, e.getMessage());
      throw e;
    }
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    if (context.getAttribute(APPLICATION) instanceof Application running) {
      context.removeAttribute(APPLICATION);
      context.removeAttribute(DRAIN);
      running.stop();
    }
  }

  /** Returns the application that runs in {@code context}, if one does. */
  static @Nullable Application running(ServletContext context) {
    return context.getAttribute(APPLICATION) instanceof Application running ? running : null;
  }

  private static Map<String, String> parameters(ServletContext context) {
    return Collections.list(context.getInitParameterNames()).stream()
        .collect(Collectors.toMap(Function.identity(), context::getInitParameter));
  }
}
