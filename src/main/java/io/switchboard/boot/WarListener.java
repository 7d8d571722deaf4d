package io.switchboard.boot;

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

/** Starts Switchboard when the WAR is deployed and stops it when the WAR is taken away. */
@WebListener
public class WarListener implements ServletContextListener {
  private static final Logger LOG = System.getLogger(WarListener.class.getName());

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    try {
      Settings settings = SettingsLoader.load(parameters(context));
      CDI.current().select(Beans.class).get().start(new Application(settings));
      LOG.log(
          Level.INFO,
          "Switchboard serves {0}/chat, its home is {1}",
          context.getContextPath(),
          settings.home());
    } catch (RuntimeException e) {
      // Servers differ in what they show of an exception; this line is the same on all of them.
      LOG.log(Level.ERROR, e.getMessage());
      throw e;
    }
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    CDI.current().select(Beans.class).get().stop().ifPresent(Application::stop);
  }

  private static Map<String, String> parameters(ServletContext context) {
    return Collections.list(context.getInitParameterNames()).stream()
        .collect(Collectors.toMap(Function.identity(), context::getInitParameter));
  }
}
