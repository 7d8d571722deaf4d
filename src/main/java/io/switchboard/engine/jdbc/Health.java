package io.switchboard.engine.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;

/**
 * Whether the database answered when it was last asked; a change is logged once. For any thread.
 */
final class Health {
  private static final Logger LOG = System.getLogger(Health.class.getName());

  private final String database;
  private volatile boolean well = true;

  Health(String database) {
    this.database = database;
  }

  boolean isWell() {
    return well;
  }

  void well() {
    if (!well) {
      well = true;
      LOG.log(Level.INFO, "{0} is available again", database);
    }
  }

  void ill(SQLException reason) {
    if (well) {
      well = false;
      LOG.log(Level.ERROR, "{0} is not available: {1}", database, reason.getMessage());
    }
  }
}
