package io.switchboard.engine.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes connections by the drivers that come with this code. */
final class Drivers {
  private static final Logger LOG = System.getLogger(Drivers.class.getName());

  /** For so long a connection may take to be made. */
  static final Duration CONNECT = Duration.ofSeconds(2);

  /** An answer that takes longer will not come: the network is silent. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /**
   * With a delay, H2 answers a commit before the file has it, and writes on a thread of its own. 0
   * hands every commit to the file before it is answered, which a kill of the process survives; see
   * {@link Database#harden} for the rest. The file is closed by {@link Database#close} and not by a
   * shutdown hook, which would come before the last publications. What was overwritten in the file
   * is used again after a second instead of 45: that long ago it was {@linkplain Database#harden
   * forced} to the disk.
   */
  private static final String H2_OPTIONS =
      ";WRITE_DELAY=0;RETENTION_TIME=1000;DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64"
          + ";TRACE_LEVEL_FILE=0"; // what goes wrong is thrown, and told by whoever catches it

  private Drivers() {}

  /** Returns what makes a new connection each time. */
  static DataSource source(JdbcSettings settings) {
    if (settings.isH2()) {
      JdbcDataSource h2 = new JdbcDataSource();
      h2.setURL(settings.url() + H2_OPTIONS);
      h2.setUser(settings.user());
      h2.setPassword(settings.password());
      return h2;
    }
    PGSimpleDataSource postgres = new PGSimpleDataSource();
    postgres.setURL(settings.url());
    if (!settings.user().isEmpty()) {
      postgres.setUser(settings.user());
    }
    if (!settings.password().isEmpty()) {
      postgres.setPassword(settings.password());
    }
    if (!gives(settings, "reWriteBatchedInserts")) {
      postgres.setReWriteBatchedInserts(true);
    }
    if (!gives(settings, "connectTimeout")) {
      postgres.setConnectTimeout((int) CONNECT.toSeconds());
    }
    if (!gives(settings, "socketTimeout")) {
      postgres.setSocketTimeout((int) ANSWER.toSeconds());
    }
    if (!gives(settings, "tcpKeepAlive")) {
      postgres.setTcpKeepAlive(true);
    }
    return postgres;
  }

  private static boolean gives(JdbcSettings settings, String parameter) {
    return settings
        .url()
        .toLowerCase(Locale.ROOT)
        .matches(".*[?&]" + parameter.toLowerCase(Locale.ROOT) + "=.*");
  }

  /** See {@link Database#forgetDrivers}. */
  static void forget() {
    // Asking may load a driver of this class loader that has the name of a registered one, whereby
    // it registers itself: hence a first time without use.
    Collections.list(DriverManager.getDrivers());
    for (Driver driver : Collections.list(DriverManager.getDrivers())) {
      if (driver.getClass().getClassLoader() == Drivers.class.getClassLoader()) {
        try {
          DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
          LOG.log(Level.DEBUG, "a driver stays registered", e);
        }
      }
    }
  }
}
