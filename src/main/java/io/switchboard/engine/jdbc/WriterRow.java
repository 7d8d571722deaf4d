package io.switchboard.engine.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The row in which this process notes its last batch, in the batch's own transaction.
 *
 * <p>When the connection breaks during a commit nobody knows whether it happened. The row tells:
 * without it, a second attempt would publish everything twice. Belongs to the writer's thread.
 */
final class WriterRow {
  private final String id;
  private long last;

  /** Makes one; {@code id} is this process's own. */
  WriterRow(String id) {
    this.id = id;
  }

  /** Returns the number of the next batch. */
  long next() {
    return ++last;
  }

  /** Notes batch {@code number} as a part of the transaction. */
  void write(Connection connection, long number, long now) throws SQLException {
    if (execute(
            connection, "UPDATE sb_writer SET batch = ?, written_at = ? WHERE id = ?", number, now)
        == 0) {
      execute(
          connection,
          "INSERT INTO sb_writer (batch, written_at, id) VALUES (?, ?, ?)",
          number,
          now);
    }
  }

  private int execute(Connection connection, String sql, long number, long now)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, number);
      statement.setLong(2, now);
      statement.setString(3, id);
      return statement.executeUpdate();
    }
  }

  /** Returns whether batch {@code number} was committed; waits if that is being decided. */
  boolean isWritten(Connection connection, long number) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT batch FROM sb_writer WHERE id = ? FOR UPDATE")) {
      select.setString(1, id);
      try (ResultSet row = select.executeQuery()) {
        if (row.next()) {
          return row.getLong(1) == number;
        }
      }
    }
    // Not there yet, or not yet seen: this waits for, and then collides with, who is inserting it.
    execute(connection, "INSERT INTO sb_writer (batch, written_at, id) VALUES (?, ?, ?)", 0, 0);
    return false;
  }
}
