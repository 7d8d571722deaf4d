package io.switchboard.transport.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Puts the parts of one message together, up to a limit.
 *
 * <p>Containers that hand over whole messages set aside the largest size for each connection (190
 * KB on Tomcat for a limit of 64 KiB); parts need only what was really sent. Used by the receiving
 * thread.
 */
final class MessageAssembler {
  /**
   * So many empty parts may a message have. They fill no memory, but somebody could send them for
   * ever without sending a command that is counted.
   */
  static final int MAX_EMPTY = 1_000;

  private final int maxBytes;
  private StringBuilder parts = new StringBuilder(0);
  private ByteArrayOutputStream byteParts = new ByteArrayOutputStream(0);
  private long bytes;
  private int empty;

  MessageAssembler(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Counts {@code size} bytes of a message; returns whether it is within the limit. */
  boolean count(int size, boolean last) {
    bytes += size;
    empty += size == 0 ? 1 : 0;
    boolean fits = bytes <= maxBytes && empty <= MAX_EMPTY;
    if (last) {
      bytes = 0;
      empty = 0;
    }
    return fits;
  }

  /** Returns how many bytes of a message that is not whole have come. */
  int held() {
    return (int) Math.min(bytes, maxBytes);
  }

  /** Adds a part that was counted; returns the message if this was its last. */
  Optional<String> add(String part, boolean last) {
    if (last && parts.isEmpty()) {
      return Optional.of(part);
    }
    parts.append(part);
    if (!last) {
      return Optional.empty();
    }
    String whole = parts.toString();
    parts = new StringBuilder(0);
    return Optional.of(whole);
  }

  /**
   * Adds a part of a message of bytes that was counted; returns the message if this was its last.
   * Parts belong to the container and are copied; a message of one part is that part itself, so
   * whoever reads it must not keep it.
   */
  Optional<ByteBuffer> add(ByteBuffer part, boolean last) {
    if (last && byteParts.size() == 0) {
      return Optional.of(part);
    }
    byte[] copy = new byte[part.remaining()];
    part.get(copy);
    byteParts.writeBytes(copy);
    if (!last) {
      return Optional.empty();
    }
    ByteBuffer whole = ByteBuffer.wrap(byteParts.toByteArray());
    byteParts = new ByteArrayOutputStream(0);
    return Optional.of(whole);
  }

  /** Returns the bytes of UTF-8 of a part, which may begin or end within a surrogate pair. */
  static int utf8Length(String part) {
    int size = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      size += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return size;
  }
}
