package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Text;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonValue.ValueType;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * The fields of one JSON object, read with errors that name the field and what it accepts.
 *
 * <p>A field that is {@code null} counts as absent.
 */
public final class Fields {
  private final JsonObject object;

  /** Wraps {@code object}. */
  public Fields(JsonObject object) {
    this.object = object;
  }

  /** A field that is missing or not what it should be; its message is meant for the client. */
  public static final class BadField extends Exception {
    private static final long serialVersionUID = 1;

    /** Makes one about the field {@code name}. */
    public BadField(String name, String problem) {
      super(name + ": " + problem, null, false, false);
    }
  }

  /** Returns the value of {@code name}, if it is there. */
  public Optional<JsonValue> value(String name) {
    return Optional.ofNullable(object.get(name))
        .filter(value -> value.getValueType() != ValueType.NULL);
  }

  /** Returns what {@code data} carries: any JSON value, or bytes where {@code encoding} says so. */
  public Payload payload() throws BadField {
    Optional<String> encoding = optionalString("encoding");
    if (encoding.isPresent()) {
      if (!encoding.get().equals(Payload.BASE64)) {
        throw new BadField("encoding", "expected base64, or none for JSON");
      }
      try {
        return Payload.ofBase64(string("data"));
      } catch (IllegalArgumentException e) {
        throw new BadField("data", "expected base64 (RFC 4648 section 4)");
      }
    }
    JsonValue value = object.get("data");
    if (value == null) {
      throw new BadField("data", "expected any JSON value");
    }
    try {
      return Payload.of(value);
    } catch (IllegalArgumentException e) {
      throw new BadField("data", "expected whole characters, got " + e.getMessage());
    }
  }

  /** Returns the text of {@code name}. */
  public String string(String name) throws BadField {
    return optionalString(name).orElseThrow(() -> new BadField(name, "expected a string"));
  }

  /** Returns the text of {@code name}, if it is there. */
  public Optional<String> optionalString(String name) throws BadField {
    Optional<JsonValue> value = value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof JsonString string)) {
      throw new BadField(name, "expected a string, got " + kind(value.get()));
    }
    if (!Text.isWellFormed(string.getString())) {
      throw new BadField(name, "expected whole characters, got half of a surrogate pair");
    }
    return Optional.of(string.getString());
  }

  /** Returns {@code name} as a display name: trimmed, 1 to {@code max} characters, if there. */
  public Optional<String> displayName(String name, int max) throws BadField {
    Optional<String> text = optionalString(name).map(String::strip);
    if (text.isPresent()) {
      String value = text.get();
      int length = value.codePointCount(0, value.length());
      if (length < 1 || length > max || Text.hasControlCharacter(value)) {
        throw new BadField(
            name, "expected 1 to %d characters without control characters".formatted(max));
      }
    }
    return text;
  }

  /** Returns the channel that {@code name} holds. */
  public ChannelName channel(String name) throws BadField {
    return channel(name, string(name));
  }

  /** Returns the channel of the room that {@code name} holds. */
  public ChannelName room(String name) throws BadField {
    String room = string(name);
    if (room.isBlank()) {
      throw new BadField(name, "expected a name that is not blank");
    }
    return channel(name, ChannelName.ROOM + ":" + room);
  }

  private static ChannelName channel(String name, String value) throws BadField {
    try {
      return new ChannelName(value);
    } catch (IllegalArgumentException e) {
      throw new BadField(name, String.valueOf(e.getMessage()));
    }
  }

  /** Returns {@code name} as a whole number from {@code low} to {@code high}, if it is there. */
  public Optional<Long> optionalLong(String name, long low, long high) throws BadField {
    Optional<JsonValue> value = value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonNumber number) {
      BigDecimal decimal = number.bigDecimalValue();
      // A huge exponent is turned away before anything is computed with it.
      if (Math.abs((long) decimal.scale()) <= 20
          && decimal.stripTrailingZeros().scale() <= 0
          && decimal.compareTo(BigDecimal.valueOf(low)) >= 0
          && decimal.compareTo(BigDecimal.valueOf(high)) <= 0) {
        return Optional.of(decimal.longValue());
      }
    }
    throw new BadField(
        name,
        "expected a whole number from %d to %d, got %s".formatted(low, high, kind(value.get())));
  }

  /** Returns {@code name} as a truth value, if it is there. */
  public Optional<Boolean> optionalBoolean(String name) throws BadField {
    Optional<JsonValue> value = value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return switch (value.get().getValueType()) {
      case TRUE -> Optional.of(true);
      case FALSE -> Optional.of(false);
      default -> throw new BadField(name, "expected true or false, got " + kind(value.get()));
    };
  }

  /** Returns what {@code value} is, in words for a message. */
  public static String kind(JsonValue value) {
    return switch (value.getValueType()) {
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case NUMBER -> {
        String digits = value.toString();
        yield digits.length() <= 20 ? digits : "a number of %d digits".formatted(digits.length());
      }
      default -> "a " + value.getValueType().name().toLowerCase(Locale.ROOT);
    };
  }
}
