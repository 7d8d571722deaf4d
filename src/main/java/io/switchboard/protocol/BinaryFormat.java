package io.switchboard.protocol;

import io.switchboard.channel.Payload.OfBytes;
import io.switchboard.protocol.Fields.BadField;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Messages of bytes: four bytes that hold the length of a header, most significant first; the
 * header, a JSON object in UTF-8; then the payload.
 */
final class BinaryFormat {
  private static final int LENGTH_BYTES = 4;

  private BinaryFormat() {}

  /** A message taken apart; what is left of {@code payload} is the payload. */
  record Parts(JsonObject header, ByteBuffer payload) {}

  /**
   * Takes a message apart.
   *
   * @throws BadField if it is too short for what it says, or its header is no object
   * @throws JsonException if its header is not JSON
   */
  static Parts read(Json json, ByteBuffer message) throws BadField {
    ByteBuffer rest = message.duplicate(); // most significant first, whatever the other one is
    if (rest.remaining() < LENGTH_BYTES) {
      throw new BadField(
          "header", "expected 4 bytes that hold its length, got " + rest.remaining());
    }
    long length = Integer.toUnsignedLong(rest.getInt());
    if (length < 1 || length > rest.remaining()) {
      throw new BadField(
          "header",
          "expected a length from 1 to the %d bytes that follow, got %d"
              .formatted(rest.remaining(), length));
    }
    ByteBuffer header = rest.slice(rest.position(), (int) length);
    rest.position(rest.position() + (int) length);
    JsonValue value = json.read(text(header));
    if (value instanceof JsonObject object) {
      return new Parts(object, rest);
    }
    throw new BadField("header", "expected one JSON object, got " + Fields.kind(value));
  }

  private static String text(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new JsonException("not UTF-8", e);
    }
  }

  /** Puts a message together. */
  static Frame write(String header, OfBytes payload) {
    byte[] head = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = ByteBuffer.allocate(LENGTH_BYTES + head.length + payload.size());
    message.putInt(head.length).put(head).put(payload.bytes()).flip();
    return new Frame(header, message.remaining(), message);
  }
}
