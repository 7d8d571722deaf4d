package io.switchboard.channel;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * What a publication carries: any JSON value.
 *
 * @param value the value; immutable, as all of JSON-P's are
 * @param size its length as JSON text in bytes of UTF-8
 */
public record Payload(JsonValue value, int size) {
  /**
   * Wraps {@code value}.
   *
   * @throws IllegalArgumentException if a string in it holds half of a surrogate pair
   */
  public static Payload of(JsonValue value) {
    return new Payload(value, Text.utf8Length(value.toString()));
  }

  /** Returns the text if this is a chat message: an object with a string {@code text}. */
  public Optional<String> chatText() {
    return value instanceof JsonObject object && object.get("text") instanceof JsonString text
        ? Optional.of(text.getString())
        : Optional.empty();
  }
}
