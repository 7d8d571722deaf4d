package io.switchboard.engine.jdbc;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.StreamPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The rows of channels, locked until the end of the transaction, so that no other process numbers
 * publications on them meanwhile. Belongs to one transaction.
 */
final class LockedChannels {
  /** One channel; its top moves as offsets are given. */
  static final class Row {
    private final long id;
    private final String epoch;
    private final long before;
    private long newest;

    private Row(long id, String epoch, long newest) {
      this.id = id;
      this.epoch = epoch;
      this.before = newest;
      this.newest = newest;
    }

    long id() {
      return id;
    }

    String epoch() {
      return epoch;
    }

    /** Gives the next offset away. */
    StreamPosition next() {
      return new StreamPosition(epoch, ++newest);
    }
  }

  private final Connection connection;
  private final String epoch;
  private final Map<String, Row> rows = new HashMap<>();

  /** Prepares; {@code epoch} is that of channels that begin. */
  LockedChannels(Connection connection, String epoch) {
    this.connection = connection;
    this.epoch = epoch;
  }

  /** Locks the rows of {@code channels}, and makes those that are missing. */
  void lock(Collection<ChannelName> channels) throws SQLException {
    TreeSet<String> names = new TreeSet<>();
    channels.forEach(channel -> names.add(channel.value()));
    if (names.isEmpty()) {
      return;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT name, id, epoch, newest FROM sb_channel WHERE name = ANY(?)"
                + " ORDER BY name FOR UPDATE")) {
      select.setArray(1, connection.createArrayOf("varchar", names.toArray()));
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.put(
              found.getString(1), new Row(found.getLong(2), found.getString(3), found.getLong(4)));
        }
      }
    }
    names.removeAll(rows.keySet());
    for (String name : names) { // a conflict here is another process that begins the same
      rows.put(name, new Row(begin(name), epoch, 0));
    }
  }

  private long begin(String name) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO sb_channel (name, epoch, newest) VALUES (?, ?, 0)", new String[] {"id"})) {
      insert.setString(1, name);
      insert.setString(2, epoch);
      insert.executeUpdate();
      try (ResultSet id = insert.getGeneratedKeys()) {
        id.next();
        return id.getLong(1);
      }
    }
  }

  /** Returns a row that was locked. */
  Row of(ChannelName channel) {
    Row row = rows.get(channel.value());
    if (row == null) {
      throw new IllegalStateException("not locked: " + channel);
    }
    return row;
  }

  /** Writes the new tops. */
  void save() throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE sb_channel SET newest = ? WHERE id = ?")) {
      boolean any = false;
      for (Row row : rows.values()) {
        if (row.newest != row.before) {
          update.setLong(1, row.newest);
          update.setLong(2, row.id);
          update.addBatch();
          any = true;
        }
      }
      if (any) {
        checkUpdated(update.executeBatch());
      }
    }
  }

  private static void checkUpdated(int[] counts) {
    for (int count : counts) {
      if (count != 1 && count != Statement.SUCCESS_NO_INFO) {
        throw new IllegalStateException("a locked channel is gone");
      }
    }
  }
}
