package io.switchboard.protocol;

import io.switchboard.channel.Journey;
import io.switchboard.channel.Text;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message, encoded and ready to be sent to any number of clients: text, or bytes.
 *
 * @param text the message; of one of bytes, the header in it, see {@link #readable}
 * @param size its length on the wire in bytes
 * @param binary the message if it is one of bytes
 * @param journey where it comes from, if it is a publication that is told as it comes
 */
public record Frame(String text, int size, @Nullable ByteBuffer binary, @Nullable Journey journey) {
  /** Makes one of text, whose length in bytes of UTF-8 is {@code size}. */
  public Frame(String text, int size) {
    this(text, size, null, null);
  }

  /** Makes one of bytes. */
  public Frame(String text, int size, ByteBuffer binary) {
    this(text, size, binary, null);
  }

  /** Wraps {@code text}. */
  public static Frame of(String text) {
    return new Frame(text, Text.utf8Length(text));
  }

  /**
   * Returns the message.
   *
   * @throws IllegalStateException if it is one of bytes, which must not be sent as text
   */
  @Override
  public String text() {
    if (binary != null) {
      throw new IllegalStateException("a message of bytes is no text");
    }
    return text;
  }

  /** Returns what people can read of it: the text, or the header of a message of bytes. */
  public String readable() {
    return text;
  }

  /** Returns the message if it is one of bytes; its position is the caller's own. */
  @Override
  public @Nullable ByteBuffer binary() {
    return binary == null ? null : binary.asReadOnlyBuffer();
  }

  /** Returns the same on its {@code journey}. */
  public Frame on(@Nullable Journey journey) {
    return Objects.equals(journey, this.journey) ? this : new Frame(text, size, binary, journey);
  }

  /** Returns whether this is a message of bytes, which goes out alone and never in an array. */
  public boolean isBinary() {
    return binary != null;
  }
}
