package io.switchboard.engine.jdbc;

import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Broker;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.jdbc.Operation.Publish;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency keys that a batch meets: those in the table and those of the batch itself.
 *
 * <p>To be asked with the channels locked: then no other process adds a key to them. Belongs to one
 * transaction.
 */
final class Keys {
  private record Id(String key, long channel, String user) {}

  private final Connection connection;
  private final LockedChannels channels;
  private final Instant now;
  private final Map<Id, Published> known = new HashMap<>();
  private final Set<Id> expired = new HashSet<>();
  private final Map<Id, Published> added = new LinkedHashMap<>();

  Keys(Connection connection, LockedChannels channels, Instant now) {
    this.connection = connection;
    this.channels = channels;
    this.now = now;
  }

  /** Reads what is known of the keys of {@code publishes}. */
  void look(List<Publish> publishes) throws SQLException {
    Map<Long, String> epochs = new HashMap<>();
    Set<String> keys = new HashSet<>();
    for (Publish publish : publishes) {
      if (publish.key() != null) {
        LockedChannels.Row row = channels.of(publish.channel());
        epochs.put(row.id(), row.epoch());
        keys.add(publish.key());
      }
    }
    if (keys.isEmpty()) {
      return;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT pub_key, channel_id, user_id, seq, published_at FROM sb_key"
                + " WHERE pub_key = ANY(?) AND channel_id = ANY(?)")) {
      select.setArray(1, connection.createArrayOf("varchar", keys.toArray()));
      select.setArray(2, connection.createArrayOf("bigint", epochs.keySet().toArray()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          Id id = new Id(row.getString(1), row.getLong(2), row.getString(3));
          Instant at = Instant.ofEpochMilli(row.getLong(5));
          if (at.plus(Broker.KEY_LIFETIME).isAfter(now)) {
            String epoch = epochs.getOrDefault(id.channel(), "");
            known.put(id, new Published(new StreamPosition(epoch, row.getLong(4)), at, true));
          } else {
            expired.add(id);
          }
        }
      }
    }
  }

  /** Returns the answer to the first publication with the key of {@code publish}, if any. */
  @Nullable Published first(Publish publish) {
    Id id = id(publish);
    return id == null ? null : known.get(id);
  }

  /** Notes the key of {@code publish}, if it has one. */
  void add(Publish publish, Published published) {
    Id id = id(publish);
    if (id != null) {
      known.put(id, new Published(published.position(), published.at(), true));
      added.put(id, published);
    }
  }

  private @Nullable Id id(Publish publish) {
    String key = publish.key();
    return key == null ? null : new Id(key, channels.of(publish.channel()).id(), publish.user());
  }

  /** Writes what was noted. */
  void save() throws SQLException {
    if (added.isEmpty()) {
      return;
    }
    try (PreparedStatement delete =
            connection.prepareStatement(
                "DELETE FROM sb_key WHERE pub_key = ? AND channel_id = ? AND user_id = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO sb_key (pub_key, channel_id, user_id, seq, published_at)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      for (Map.Entry<Id, Published> entry : added.entrySet()) {
        if (expired.contains(entry.getKey())) {
          set(delete, entry.getKey());
          delete.executeUpdate();
        }
        set(insert, entry.getKey());
        insert.setLong(4, entry.getValue().position().offset());
        insert.setLong(5, entry.getValue().at().toEpochMilli());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void set(PreparedStatement statement, Id id) throws SQLException {
    statement.setString(1, id.key());
    statement.setLong(2, id.channel());
    statement.setString(3, id.user());
  }
}
