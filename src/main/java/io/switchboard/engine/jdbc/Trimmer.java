package io.switchboard.engine.jdbc;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.engine.Broker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Deletes what the namespaces no longer keep, and keys that have expired.
 *
 * <p>Each deletion is a small transaction of its own and touches no channel's row, so publishers do
 * not wait. Several processes may trim at once. Blocks.
 */
final class Trimmer {
  private static final int CHANNELS = 500;
  private static final int ROWS = 500;

  /** A process that has written nothing for so long is gone. */
  private static final Duration WRITER_LIFETIME = Duration.ofDays(1);

  private record Channel(long id, String name, long newest) {}

  private final Database database;
  private final Map<String, Namespace> namespaces;

  Trimmer(Database database, Map<String, Namespace> namespaces) {
    this.database = database;
    this.namespaces = namespaces;
  }

  /** Walks over all channels and returns how many publications it deleted. */
  long trim(Connection connection, Instant now) throws SQLException {
    long deleted = 0;
    long last = Long.MIN_VALUE;
    List<Channel> page;
    do {
      page = page(connection, last);
      for (Channel channel : page) {
        last = channel.id();
        Namespace namespace = namespaces.get(new ChannelName(channel.name()).namespace());
        if (namespace != null) {
          deleted += trim(connection, channel, namespace, now);
        }
      }
    } while (page.size() == CHANNELS);
    forget(connection, "sb_key", "published_at", now.minus(Broker.KEY_LIFETIME));
    forget(connection, "sb_writer", "written_at", now.minus(WRITER_LIFETIME));
    return deleted;
  }

  private static List<Channel> page(Connection connection, long after) throws SQLException {
    List<Channel> page = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, name, newest FROM sb_channel WHERE id > ? ORDER BY id LIMIT ?")) {
      select.setLong(1, after);
      select.setInt(2, CHANNELS);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          page.add(new Channel(row.getLong(1), row.getString(2), row.getLong(3)));
        }
      }
    }
    connection.commit();
    return page;
  }

  private long trim(Connection connection, Channel channel, Namespace namespace, Instant now)
      throws SQLException {
    long size = channel.newest() - namespace.historySize();
    long age = now.minus(namespace.historyAge()).toEpochMilli();
    long deleted = 0;
    int count;
    do {
      long last = lastToGo(connection, channel.id(), size, age);
      count = last == 0 ? 0 : delete(connection, channel.id(), last);
      connection.commit();
      if (count > 0) {
        database.harden(connection);
      }
      deleted += count;
    } while (count == ROWS);
    return deleted;
  }

  /** Returns up to which offset the oldest rows are to go, 0 for none. */
  private static long lastToGo(Connection connection, long channel, long size, long age)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT seq, published_at FROM sb_publication WHERE channel_id = ?"
                + " ORDER BY channel_id, seq LIMIT ?")) {
      select.setLong(1, channel);
      select.setInt(2, ROWS);
      long last = 0;
      try (ResultSet row = select.executeQuery()) {
        while (row.next() && (row.getLong(1) <= size || row.getLong(2) < age)) {
          last = row.getLong(1);
        }
      }
      return last;
    }
  }

  private static int delete(Connection connection, long channel, long last) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM sb_publication WHERE channel_id = ? AND seq <= ?")) {
      delete.setLong(1, channel);
      delete.setLong(2, last);
      return delete.executeUpdate();
    }
  }

  private static void forget(Connection connection, String table, String column, Instant before)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM " + table + " WHERE " + column + " <= ?")) {
      delete.setLong(1, before.toEpochMilli());
      delete.executeUpdate();
    }
    connection.commit();
  }
}
