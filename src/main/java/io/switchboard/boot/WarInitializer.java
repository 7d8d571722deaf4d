package io.switchboard.boot;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Set;
import org.jboss.weld.environment.servlet.EnhancedListener;
import org.jboss.weld.environment.servlet.WeldProvider;
import org.jspecify.annotations.Nullable;

/**
 * Starts the CDI container that the WAR carries, where the server has none of its own.
 *
 * <p>Tomcat is recognised by its name rather than by the absence of CDI, because full servers make
 * their CDI known at different moments.
 */
public class WarInitializer implements ServletContainerInitializer {
  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context)
      throws ServletException {
    if (context.getServerInfo().startsWith("Apache Tomcat/")) {
      BundledWeld.start(context);
      context.addListener(new WarListener());
    }
  }

  /** Linked only where it is needed, so that Weld's classes are not looked for elsewhere. */
  private static final class BundledWeld {
    static void start(ServletContext context) throws ServletException {
      CDI.setCDIProvider(new WeldProvider());
      new EnhancedListener().onStartup(Set.of(), context);
    }
  }
}
