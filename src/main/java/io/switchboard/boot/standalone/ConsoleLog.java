package io.switchboard.boot.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Sets up {@code java.util.logging}: one line per event on stderr, as text or as JSON, INFO for the
 * application, WARNING for the libraries. Whoever brings a logging configuration of their own gets
 * that instead.
 */
final class ConsoleLog {
  /** How a line of the log is written. */
  enum Format {
    TEXT,
    JSON
  }

  /** Which formatter Tomcat gives the console, which it does when it first logs. */
  private static final String OF_TOMCAT = "org.apache.juli.formatter";

  private static final List<String> LIBRARIES = List.of("org.apache", "org.jboss", "com.zaxxer");

  private static final String SIMPLE_FORMAT = "java.util.logging.SimpleFormatter.format";

  /** Loggers are held weakly by their manager: what is forgotten here loses its level. */
  private static final List<Logger> QUIETED = new ArrayList<>();

  private ConsoleLog() {}

  /** Call once, on the main thread, before anything logs. */
  static void install(boolean verbose, Format format) {
    if (System.getProperty("java.util.logging.config.file") != null
        || System.getProperty("java.util.logging.config.class") != null) {
      return;
    }
    setIfAbsent("java.util.logging.manager", PatientLogManager.class.getName());
    if (LogManager.getLogManager() instanceof PatientLogManager patient) {
      patient.keepHandlers();
    }
    if (format == Format.JSON || System.getProperty(SIMPLE_FORMAT) == null) {
      Formatter formatter = format == Format.JSON ? new JsonFormatter() : new LineFormatter();
      setIfAbsent(OF_TOMCAT, formatter.getClass().getName());
      for (Handler handler : Logger.getLogger("").getHandlers()) {
        handler.setFormatter(formatter);
      }
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
