package io.switchboard.protocol;

import io.switchboard.channel.Text;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message, encoded and ready to be sent to any number of clients: text, or bytes.
 *
 * @param text the message; of one of bytes, the header in it, for people
 * @param size its length on the wire in bytes
 * @param binary the message if it is one of bytes
 */
public record Frame(String text, int size, @Nullable ByteBuffer binary) {
  /** Makes one of text, whose length in bytes of UTF-8 is {@code size}. */
  public Frame(String text, int size) {
    this(text, size, null);
  }

  /** Wraps {@code text}. */
  public static Frame of(String text) {
    return new Frame(text, Text.utf8Length(text));
  }

  /** Returns the message if it is one of bytes; its position is the caller's own. */
  @Override
  public @Nullable ByteBuffer binary() {
    return binary == null ? null : binary.asReadOnlyBuffer();
  }

  /** Returns whether this is a message of bytes, which goes out alone and never in an array. */
  public boolean isBinary() {
    return binary != null;
  }
}
