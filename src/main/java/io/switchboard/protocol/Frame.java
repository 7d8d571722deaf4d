package io.switchboard.protocol;

import io.switchboard.channel.Text;

/**
 * One text message, encoded and ready to be sent to any number of clients.
 *
 * @param text the message
 * @param size its length in bytes of UTF-8
 */
public record Frame(String text, int size) {
  /** Wraps {@code text}. */
  public static Frame of(String text) {
    return new Frame(text, Text.utf8Length(text));
  }
}
