package io.switchboard.auth;

import io.switchboard.channel.ChannelName;

/**
 * Channels by name: one, or all that begin alike.
 *
 * @param text the name of a channel, or the beginning of names and a {@code *} behind it; a star
 *     comes after the colon, so that a pattern always says which namespace it means
 */
public record ChannelPattern(String text) {
  /** Stands for whatever else a name holds, at the end of a pattern only. */
  private static final char REST = '*';

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException saying what is accepted
   */
  public ChannelPattern {
    String fixed = isPrefix(text) ? text.substring(0, text.length() - 1) : text;
    if (fixed.indexOf(REST) >= 0 || fixed.indexOf(':') < 1) {
      throw new IllegalArgumentException(
          "expected a channel such as room:lobby, or room:eu-* for all that begin so, got " + text);
    }
    if (!fixed.endsWith(":")) {
      var unused = new ChannelName(fixed);
    }
  }

  private static boolean isPrefix(String text) {
    return !text.isEmpty() && text.charAt(text.length() - 1) == REST;
  }

  /** Returns whether {@code channel} is meant. */
  public boolean matches(ChannelName channel) {
    return isPrefix(text)
        ? channel.value().startsWith(text.substring(0, text.length() - 1))
        : channel.value().equals(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
