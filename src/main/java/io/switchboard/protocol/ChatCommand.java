package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import org.jspecify.annotations.Nullable;

/** What a client of {@code chat} may say. */
public sealed interface ChatCommand extends Input {
  /**
   * Come into a room.
   *
   * @param name how to be called there; absent to keep the name from before, or none
   * @param last how many past messages to be told
   */
  record Join(ChannelName room, @Nullable String name, int last) implements ChatCommand {}

  /** Say something to everybody in a room. */
  record Say(ChannelName room, String text) implements ChatCommand {}

  /** Go out of a room. */
  record Leave(ChannelName room) implements ChatCommand {}

  /** Ask who is in a room. */
  record Who(ChannelName room) implements ChatCommand {}

  /** Ask for a sign of life. */
  record Ping() implements ChatCommand {}

  /** Ask how this connection was opened. */
  record Handshake() implements ChatCommand {}
}
