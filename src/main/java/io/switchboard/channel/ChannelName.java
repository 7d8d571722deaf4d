package io.switchboard.channel;

/**
 * The name of a channel, {@code namespace:name}: 1 to 255 bytes of UTF-8 without control
 * characters.
 *
 * @param value the whole name, for example {@code room:lobby}
 */
public record ChannelName(String value) {
  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_BYTES = 255;

  /** The namespace whose channels are the rooms of {@code chat}. */
  public static final String ROOM = "room";

  /** The namespace of channels that belong to one user each. */
  public static final String USER = "user";

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException saying what is accepted
   */
  public ChannelName {
    int colon = value.indexOf(':');
    if (colon < 1 || colon == value.length() - 1) {
      throw new IllegalArgumentException("expected namespace:name, for example room:lobby");
    }
    if (!Text.isWellFormed(value) || Text.hasControlCharacter(value)) {
      throw new IllegalArgumentException("expected text without control characters");
    }
    if (Text.utf8Length(value) > MAX_BYTES) {
      throw new IllegalArgumentException(
          "expected at most %d bytes of UTF-8, namespace included".formatted(MAX_BYTES));
    }
    if (value.substring(colon + 1).isBlank()) {
      throw new IllegalArgumentException("expected a name that is not blank");
    }
  }

  /** Returns the channel of the chat room {@code room}. */
  public static ChannelName room(String room) {
    return new ChannelName(ROOM + ":" + room);
  }

  /** Returns the channel on which {@code user} alone listens. */
  public static ChannelName user(String user) {
    return new ChannelName(USER + ":" + user);
  }

  /** Returns what stands before the first colon. */
  public String namespace() {
    return value.substring(0, value.indexOf(':'));
  }

  /** Returns what stands behind the first colon. */
  public String localName() {
    return value.substring(value.indexOf(':') + 1);
  }

  /** Returns whether this is a room of {@code chat}. */
  public boolean isRoom() {
    return value.startsWith(ROOM + ":");
  }

  @Override
  public String toString() {
    return value;
  }
}
