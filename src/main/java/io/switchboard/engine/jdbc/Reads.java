package io.switchboard.engine.jdbc;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.channel.Text;
import io.switchboard.engine.Broker.History;
import io.switchboard.engine.Broker.Query;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is asked of the log. Every question is one statement, so that the top and the publications
 * belong together. What is too old or too much is not shown, whether it was trimmed or not. Safe
 * for use by many threads; blocks.
 */
final class Reads {
  private static final String SELECT =
      "SELECT c.epoch, c.newest, p.seq, p.published_at, p.session_id, p.user_id, p.user_name,"
          + " p.pub_key, p.payload, p.is_base64 FROM sb_channel c LEFT JOIN sb_publication p"
          + " ON p.channel_id = c.id AND p.seq > ? AND p.seq < ? AND p.seq > c.newest - ?"
          + " AND p.published_at >= ? WHERE c.name = ? ORDER BY p.seq ";

  private static final String FORWARD = SELECT + "LIMIT ?";
  private static final String REVERSE = SELECT + "DESC LIMIT ?";

  private final Database database;
  private final JsonReaderFactory readers = JsonProvider.provider().createReaderFactory(Map.of());

  Reads(Database database) {
    this.database = database;
  }

  /** Reads a piece of the log of {@code channel}. */
  History history(
      Connection connection, Namespace namespace, ChannelName channel, Query query, Instant now)
      throws SQLException {
    StreamPosition since = query.since();
    long after = query.reverse() || since == null ? 0 : since.offset();
    long before = query.reverse() && since != null ? since.offset() : Long.MAX_VALUE;
    try (PreparedStatement select =
        connection.prepareStatement(query.reverse() ? REVERSE : FORWARD)) {
      select.setLong(1, after);
      select.setLong(2, before);
      select.setLong(3, namespace.historySize());
      select.setLong(4, now.minus(namespace.historyAge()).toEpochMilli());
      select.setString(5, channel.value());
      select.setLong(6, Math.max(1, query.limit())); // one row at least tells the top
      try (ResultSet row = select.executeQuery()) {
        return history(row, query.limit());
      }
    }
  }

  private History history(ResultSet row, int limit) throws SQLException {
    StreamPosition top = new StreamPosition(database.epoch(), 0);
    List<Publication> found = new ArrayList<>();
    while (row.next()) {
      top = new StreamPosition(row.getString(1), row.getLong(2));
      long offset = row.getLong(3);
      if (offset > 0 && found.size() < limit) { // 0 is NULL: the channel has none
        found.add(publication(offset, row));
      }
    }
    return new History(top, found);
  }

  private Publication publication(long offset, ResultSet row) throws SQLException {
    String session = row.getString(5);
    ClientInfo publisher =
        session == null ? null : new ClientInfo(session, row.getString(6), row.getString(7));
    Payload data = payload(row.getString(9), row.getBoolean(10));
    return new Publication(
        offset, Instant.ofEpochMilli(row.getLong(4)), publisher, data, row.getString(8));
  }

  private Payload payload(String text, boolean base64) {
    if (base64) {
      return Payload.ofBase64(text);
    }
    try (JsonReader reader = readers.createReader(new StringReader(text))) {
      return new Payload.OfJson(reader.readValue(), Text.utf8Length(text));
    }
  }

  /** Reads how far {@code user} has read. */
  OptionalLong marked(Connection connection, String user, ChannelName channel) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT seq FROM sb_marker WHERE user_id = ? AND channel = ?")) {
      select.setString(1, user);
      select.setString(2, channel.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }
}
