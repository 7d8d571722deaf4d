package io.switchboard.engine.jdbc;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Broker.Published;
import io.switchboard.engine.jdbc.Operation.Clear;
import io.switchboard.engine.jdbc.Operation.Mark;
import io.switchboard.engine.jdbc.Operation.Publish;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What goes into one transaction, and the answers it will have once that is committed.
 *
 * <p>Locks are taken in one order by every process: channels by name, then markers by user and
 * channel, then the writer's own row. Made anew for each attempt; belongs to the writer's thread.
 */
final class Batch {
  /**
   * An answer that waits for the commit.
   *
   * @param publication what to announce; absent for a duplicate
   */
  record Answer(Publish operation, Published published, @Nullable Publication publication) {}

  private static final String INSERT =
      "INSERT INTO sb_publication (channel_id, seq, published_at, session_id, user_id, user_name,"
          + " pub_key, payload, is_base64) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final Connection connection;
  private final String epoch;
  private final Instant now;

  /**
   * Prepares one.
   *
   * @param connection where to write; it is neither committed nor closed
   * @param epoch the epoch of channels that begin
   * @param now when all of it is accepted, to the millisecond
   */
  Batch(Connection connection, String epoch, Instant now) {
    this.connection = connection;
    this.epoch = epoch;
    this.now = now;
  }

  /** Returns whether {@code operations} need no database: nothing of them is numbered or noted. */
  static boolean isTransient(List<Operation> operations) {
    return operations.stream()
        .allMatch(operation -> operation instanceof Publish publish && !publish.isNumbered());
  }

  /** Answers a batch that {@linkplain #isTransient needs no database}. */
  static List<Answer> pass(List<Operation> operations, String epoch, Instant now) {
    return operations.stream()
        .map(Publish.class::cast)
        .map(publish -> answer(publish, new StreamPosition(epoch, 0), now))
        .toList();
  }

  /** Writes all and returns the answers to the publications, in their order. */
  List<Answer> write(List<Operation> operations) throws SQLException {
    List<Publish> publishes = only(operations, Publish.class);
    List<Publish> numbered = publishes.stream().filter(Publish::isNumbered).toList();
    LockedChannels channels = new LockedChannels(connection, epoch);
    channels.lock(numbered.stream().map(Publish::channel).toList());
    Keys keys = new Keys(connection, channels, now);
    keys.look(numbered);
    List<Answer> answers = new ArrayList<>(publishes.size());
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      boolean any = false;
      for (Publish publish : publishes) {
        Answer answer = number(publish, channels, keys);
        answers.add(answer);
        if (answer.publication() != null && publish.isStored()) {
          any = true;
          add(insert, channels.of(publish.channel()).id(), publish, answer.publication());
        }
      }
      if (any) {
        insert.executeBatch();
      }
    }
    keys.save();
    channels.save();
    for (Clear clear : only(operations, Clear.class)) {
      clear(clear.channel());
    }
    mark(only(operations, Mark.class));
    return answers;
  }

  private Answer number(Publish publish, LockedChannels channels, Keys keys) {
    if (!publish.isNumbered()) {
      return answer(publish, new StreamPosition(epoch, 0), now);
    }
    Published first = keys.first(publish);
    if (first != null) {
      return new Answer(publish, first, null);
    }
    Answer answer = answer(publish, channels.of(publish.channel()).next(), now);
    keys.add(publish, answer.published());
    return answer;
  }

  private static Answer answer(Publish publish, StreamPosition position, Instant now) {
    return new Answer(
        publish,
        new Published(position, now, false),
        new Publication(
            position.offset(),
            now,
            publish.request().publisher(),
            publish.request().data(),
            publish.request().key(),
            publish.request().journey()));
  }

  private static void add(
      PreparedStatement insert, long channel, Publish publish, Publication publication)
      throws SQLException {
    ClientInfo publisher = publication.publisher();
    insert.setLong(1, channel);
    insert.setLong(2, publication.offset());
    insert.setLong(3, publication.at().toEpochMilli());
    insert.setString(4, publisher == null ? null : publisher.session());
    insert.setString(5, publisher == null ? null : publisher.user());
    insert.setString(6, publisher == null ? null : publisher.name());
    insert.setString(7, publication.key());
    insert.setString(8, publish.text());
    insert.setBoolean(9, publication.data() instanceof Payload.OfBytes);
    insert.addBatch();
  }

  private void clear(ChannelName channel) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM sb_publication WHERE channel_id ="
                + " (SELECT id FROM sb_channel WHERE name = ?)")) {
      delete.setString(1, channel.value());
      delete.executeUpdate();
    }
  }

  private record Reader(String user, String channel) implements Comparable<Reader> {
    @Override
    public int compareTo(Reader other) {
      int byUser = user.compareTo(other.user);
      return byUser != 0 ? byUser : channel.compareTo(other.channel);
    }
  }

  private void mark(List<Mark> marks) throws SQLException {
    TreeMap<Reader, Long> furthest = new TreeMap<>();
    for (Mark mark : marks) {
      furthest.merge(new Reader(mark.user(), mark.channel().value()), mark.offset(), Math::max);
    }
    if (furthest.isEmpty()) {
      return;
    }
    try (PreparedStatement update =
            connection.prepareStatement(
                "UPDATE sb_marker SET seq = GREATEST(seq, ?) WHERE user_id = ? AND channel = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO sb_marker (seq, user_id, channel) VALUES (?, ?, ?)")) {
      for (var marker : furthest.entrySet()) {
        if (execute(update, marker.getKey(), marker.getValue()) == 0) {
          execute(insert, marker.getKey(), marker.getValue());
        }
      }
    }
  }

  private static int execute(PreparedStatement statement, Reader reader, long offset)
      throws SQLException {
    statement.setLong(1, offset);
    statement.setString(2, reader.user());
    statement.setString(3, reader.channel());
    return statement.executeUpdate();
  }

  private static <T extends Operation> List<T> only(List<Operation> operations, Class<T> type) {
    return operations.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
