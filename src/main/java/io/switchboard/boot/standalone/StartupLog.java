package io.switchboard.boot.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Holds back what the server logs while it starts.
 *
 * <p>Tomcat reports a failed web application in its log only, and at length. Holding the records
 * back gives the cause to the one message that the operator sees; after a good start they are
 * logged after all. Safe for use by several threads.
 */
public final class StartupLog implements AutoCloseable {
  private final Logger logger;
  private final boolean shown;
  private final List<LogRecord> records = new ArrayList<>(); // guarded by itself
  private final Handler handler = new Holder();

  private StartupLog(String name, boolean shown) {
    this.logger = Logger.getLogger(name);
    this.shown = shown;
  }

  /**
   * Starts to collect.
   *
   * @param name the logger whose records, and whose children's, are collected
   * @param shown whether they appear at once all the same
   */
  public static StartupLog of(String name, boolean shown) {
    StartupLog log = new StartupLog(name, shown);
    log.logger.addHandler(log.handler);
    log.logger.setUseParentHandlers(shown);
    return log;
  }

  /**
   * Returns the first exception that was logged and forgets everything held back: the failure is
   * told in another way.
   */
  public Optional<Throwable> takeFailure() {
    synchronized (records) {
      Optional<Throwable> first =
          records.stream().flatMap(r -> Optional.ofNullable(r.getThrown()).stream()).findFirst();
      records.clear();
      return first;
    }
  }

  /** Ends the collecting and logs what was held back. */
  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
    List<LogRecord> held;
    synchronized (records) {
      held = List.copyOf(records);
    }
    if (!shown) {
      held.forEach(logger::log);
    }
  }

  private final class Holder extends Handler {
    @Override
    public void publish(LogRecord record) {
      synchronized (records) {
        records.add(record);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
