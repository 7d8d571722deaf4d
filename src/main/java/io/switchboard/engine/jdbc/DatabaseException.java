package io.switchboard.engine.jdbc;

import org.jspecify.annotations.Nullable;

/** The database did not do what it was asked to; the message names the database and its reason. */
public final class DatabaseException extends RuntimeException {
  /** Wraps what the driver said. */
  public DatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
