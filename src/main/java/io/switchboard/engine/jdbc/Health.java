package io.switchboard.engine.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Whether the database took what it was last given. A change is logged once. For any thread.
 *
 * <p>From the first failure on the database is not well; when further attempts have failed too, it
 * counts as away, and nothing but the probe asks it until it answers.
 */
final class Health {
  private enum State {
    WELL,
    DOUBTFUL,
    AWAY
  }

  private static final Logger LOG = System.getLogger(Health.class.getName());

  private final String database;
  // Guarded by this; read without it.
  private volatile State state = State.WELL;

  Health(String database) {
    this.database = database;
  }

  boolean isWell() {
    return state == State.WELL;
  }

  boolean isAway() {
    return state == State.AWAY;
  }

  synchronized void well() {
    if (state != State.WELL) {
      state = State.WELL;
      LOG.log(Level.INFO, "{0} is available again", database);
    }
  }

  /** Notes a failure after which another attempt follows. */
  synchronized void doubt(Exception reason) {
    if (state == State.WELL) {
      state = State.DOUBTFUL;
      LOG.log(Level.ERROR, "{0} is not available: {1}", database, Failure.reason(reason));
    }
  }

  /** Notes the last failed attempt. */
  synchronized void away(Exception reason) {
    doubt(reason);
    state = State.AWAY;
  }

  /** Begins with a database that has been found to be away, and told of. */
  synchronized void beginAway() {
    state = State.AWAY;
  }
}
