package io.switchboard.engine.jdbc;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.OverlappingFileLockException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What a failed statement says about the next attempt. */
enum Failure {
  /** Somebody else was faster, or has the lock: the same again may succeed at once. */
  CONFLICT,
  /** The database or the way to it: the same again may succeed later, on a new connection. */
  GONE,
  /** What was to be written: the same again will fail again. */
  REFUSED;

  /** H2: the file belongs to another process, or to another class loader of this one. */
  static final int H2_ALREADY_OPEN = 90020;

  /** H2: concurrent update, and a lock that was not given in time. */
  private static final Set<Integer> H2_CONFLICTS = Set.of(90131, 50200, 40001);

  /** SQL states, or their first two characters, of data and statements that are not accepted. */
  private static final Set<String> REFUSALS = Set.of("21", "22", "23", "42", "54");

  /** PostgreSQL: a lock that was not given in time; unique_violation, which H2 shares. */
  private static final Set<String> CONFLICTS = Set.of("55P03", "23505");

  /** PostgreSQL: going down, crashed, starting, and full. */
  private static final Set<String> UNREACHABLE = Set.of("57P01", "57P02", "57P03", "53300");

  static Failure of(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (state.startsWith("40")
        || CONFLICTS.contains(state)
        || H2_CONFLICTS.contains(e.getErrorCode())) {
      return CONFLICT;
    }
    if (e instanceof SQLTransientConnectionException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException) {
      return GONE;
    }
    return state.length() == 5 && REFUSALS.contains(state.substring(0, 2)) ? REFUSED : GONE;
  }

  /**
   * Returns whether the database was not met at all, and may be later: what is wrong with the login
   * or the name of the database is not that.
   */
  static boolean isUnreachable(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || UNREACHABLE.contains(state);
  }

  /**
   * Returns whether a file of H2 is open in this process already, by another class loader: that of
   * an older version of the WAR, which lets go of it when the server takes it away. Another process
   * is more likely a mistake.
   */
  static boolean isHeldInHere(SQLException e) {
    if (e.getErrorCode() != H2_ALREADY_OPEN) {
      return false;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OverlappingFileLockException) {
        return true;
      }
    }
    return false;
  }

  /** Returns what the driver and the system said, without what lies around and behind that. */
  static String reason(Exception failure) {
    String said = String.valueOf(failure.getMessage());
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof SQLException && cause.getMessage() != null) {
        said = cause.getMessage();
      }
    }
    said = said.replaceFirst("(?s); SQL statement:.*", "").strip().replaceAll("\\s*\\R\\s*", " ");
    if (root instanceof UnknownHostException) {
      return said + " (unknown host " + root.getMessage() + ")";
    }
    String system = root instanceof IOException ? root.getMessage() : null;
    return system == null || said.contains(system) ? said : said + " (" + system + ")";
  }
}
