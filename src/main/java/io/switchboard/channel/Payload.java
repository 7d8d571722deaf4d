package io.switchboard.channel;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** What a publication carries: a JSON value, or bytes that nobody here looks into. Immutable. */
public sealed interface Payload {
  /** The one way in which bytes are written where only text can go: RFC 4648 section 4. */
  String BASE64 = "base64";

  /** Returns what stands for it in JSON: the value itself, or a string that {@link #encoding}. */
  JsonValue value();

  /** Returns how {@link #value} is to be understood: {@link #BASE64}, or nothing for JSON. */
  Optional<String> encoding();

  /** Returns its length: of bytes as they are, of JSON as text in UTF-8. */
  int size();

  /** Returns the length of {@link #value} as JSON text in bytes of UTF-8. */
  int jsonSize();

  /** Returns the text if this is a chat message: an object with a string {@code text}. */
  default Optional<String> chatText() {
    return Optional.empty();
  }

  /**
   * Wraps {@code value}.
   *
   * @throws IllegalArgumentException if a string in it holds half of a surrogate pair
   */
  static Payload of(JsonValue value) {
    return new OfJson(value, Text.utf8Length(value.toString()));
  }

  /** Copies what is left of {@code bytes}, whose position stays. */
  static Payload of(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return new OfBytes(copy);
  }

  /**
   * Reads bytes that were written as text.
   *
   * @throws IllegalArgumentException if {@code text} is not of the alphabet of RFC 4648 section 4
   */
  static Payload ofBase64(String text) {
    return new OfBytes(Base64.getDecoder().decode(text));
  }

  /**
   * A JSON value.
   *
   * @param value immutable, as all of JSON-P's are
   * @param size its length as JSON text in bytes of UTF-8
   */
  record OfJson(JsonValue value, int size) implements Payload {
    @Override
    public Optional<String> encoding() {
      return Optional.empty();
    }

    @Override
    public int jsonSize() {
      return size;
    }

    @Override
    public Optional<String> chatText() {
      return value instanceof JsonObject object && object.get("text") instanceof JsonString text
          ? Optional.of(text.getString())
          : Optional.empty();
    }
  }

  /** Bytes. */
  final class OfBytes implements Payload {
    /** Looked up once, for a look-up walks the class path. */
    private static final JsonProvider PROVIDER = JsonProvider.provider();

    private final byte[] bytes;

    private OfBytes(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Returns the bytes, to be read only. */
    public ByteBuffer bytes() {
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Returns the bytes as text. */
    public String base64() {
      return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public JsonValue value() {
      return PROVIDER.createValue(base64());
    }

    @Override
    public Optional<String> encoding() {
      return Optional.of(BASE64);
    }

    @Override
    public int size() {
      return bytes.length;
    }

    @Override
    public int jsonSize() {
      return (bytes.length + 2) / 3 * 4 + 2;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof OfBytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return bytes.length + " bytes";
    }
  }
}
