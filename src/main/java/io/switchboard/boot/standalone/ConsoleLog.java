package io.switchboard.boot.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Sets up {@code java.util.logging}: one line per event on stderr, INFO for the application,
 * WARNING for the libraries. Whoever brings a logging configuration of their own gets that instead.
 */
final class ConsoleLog {
  private static final String FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$-7s %3$s: %5$s%6$s%n";
  private static final List<String> LIBRARIES = List.of("org.apache", "org.jboss", "com.zaxxer");

  /** Loggers are held weakly by their manager: what is forgotten here loses its level. */
  private static final List<Logger> QUIETED = new ArrayList<>();

  private ConsoleLog() {}

  /** Call once, on the main thread, before anything logs. */
  static void install(boolean verbose) {
    if (System.getProperty("java.util.logging.config.file") != null
        || System.getProperty("java.util.logging.config.class") != null) {
      return;
    }
    setIfAbsent("java.util.logging.SimpleFormatter.format", FORMAT);
    setIfAbsent("java.util.logging.manager", PatientLogManager.class.getName());
    if (LogManager.getLogManager() instanceof PatientLogManager patient) {
      patient.keepHandlers();
    }
    if (!verbose) {
      for (String library : LIBRARIES) {
        Logger logger = Logger.getLogger(library);
        logger.setLevel(Level.WARNING);
        QUIETED.add(logger);
      }
    }
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * A log manager that does not close the handlers at exit. The JDK's does, in a shutdown hook that
   * runs beside ours, and everything said while the sessions are drained would be lost. Public with
   * a public constructor because the JDK makes it.
   */
  public static final class PatientLogManager extends LogManager {
    private volatile boolean keep;

    private void keepHandlers() {
      keep = true;
    }

    @Override
    public void reset() {
      if (!keep) {
        super.reset();
      }
    }
  }
}
