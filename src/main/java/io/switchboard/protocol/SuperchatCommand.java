package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.channel.StreamPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client of {@code superchat} may say. Commands carry a positive {@code id} of the client's
 * choice, which their one answer repeats.
 */
public sealed interface SuperchatCommand extends Input {
  /** Returns the id; absent where a command has no answer. */
  default @Nullable Long id() {
    return null;
  }

  @Override
  default @Nullable Long re() {
    return id();
  }

  /**
   * Begin; must come first.
   *
   * @param token credentials, if they did not come with the handshake
   * @param client what the client calls itself, for people who look after it
   * @param name how to be called
   * @param subs channels to subscribe to at once
   */
  record Connect(
      Long id,
      @Nullable String token,
      @Nullable String client,
      @Nullable String name,
      List<Sub> subs)
      implements SuperchatCommand {
    /** Copies the list. */
    public Connect {
      subs = List.copyOf(subs);
    }
  }

  /**
   * A channel of {@link Connect}.
   *
   * @param since the last publication that was seen; absent to begin with what comes
   */
  record Sub(ChannelName channel, @Nullable StreamPosition since) {}

  /**
   * Listen.
   *
   * @param token permission for this channel, where its namespace asks for one
   * @param since the last publication that was seen; absent to begin with what comes
   * @param presence whether to be told who comes and goes
   */
  record Subscribe(
      Long id,
      ChannelName channel,
      @Nullable String token,
      @Nullable StreamPosition since,
      boolean presence)
      implements SuperchatCommand {}

  /** Listen no more. */
  record Unsubscribe(Long id, ChannelName channel) implements SuperchatCommand {}

  /**
   * Publish.
   *
   * @param key makes it idempotent
   * @param ephemeral deliver it, and never store it
   */
  record Publish(
      Long id, ChannelName channel, Payload data, @Nullable String key, boolean ephemeral)
      implements SuperchatCommand {}

  /** Read a piece of the log: after {@code since}, or before it when {@code reverse}. */
  record History(
      Long id, ChannelName channel, @Nullable StreamPosition since, int limit, boolean reverse)
      implements SuperchatCommand {}

  /** Ask who is there. */
  record Presence(Long id, ChannelName channel) implements SuperchatCommand {}

  /** Note how far the user has read. */
  record Ack(ChannelName channel, long offset) implements SuperchatCommand {}

  /** Show new credentials before the old ones end. */
  record Refresh(Long id, String token) implements SuperchatCommand {}

  /** Ask for a sign of life. */
  record Ping(Long id) implements SuperchatCommand {}

  /** Give a sign of life. */
  record Pong() implements SuperchatCommand {}
}
