package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.channel.StreamPosition;
import io.switchboard.protocol.Fields.BadField;
import io.switchboard.protocol.SuperchatCommand.Publish;
import io.switchboard.protocol.SuperchatCommand.Sub;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what clients of {@code superchat} say: commands, or refusals that repeat the id where it
 * could be read. Stateless.
 */
public final class SuperchatReader {
  /** The longest key of a publication, in characters. */
  public static final int MAX_KEY = 128;

  /** The longest name a client gives itself, in characters. */
  static final int MAX_CLIENT = 128;

  /** How many publications a history answers at most. */
  static final int MAX_LIMIT = 1_000;

  private static final int DEFAULT_LIMIT = 100;
  private static final String TYPES =
      "connect, subscribe, unsubscribe, publish, history, presence, ack, refresh, ping or pong";

  private final Json json;

  SuperchatReader(Json json) {
    this.json = json;
  }

  /** Reads a text message. Never throws. */
  Input read(String text) {
    JsonValue value;
    try {
      value = json.read(text);
    } catch (JsonException e) {
      return new Refusal(ErrorCode.BAD_JSON, "expected a JSON object, or an array of them");
    }
    if (!(value instanceof JsonArray array)) {
      return command(value);
    }
    if (array.isEmpty()) {
      return new Refusal(ErrorCode.BAD_REQUEST, "expected at least one command in the array");
    }
    return new Batch(array.stream().map(SuperchatReader::command).toList());
  }

  /** Reads a message of bytes. Never throws. */
  Input read(ByteBuffer message) {
    BinaryFormat.Parts parts;
    try {
      parts = BinaryFormat.read(json, message);
    } catch (JsonException e) {
      return new Refusal(ErrorCode.BAD_JSON, "header: expected one JSON object in UTF-8");
    } catch (BadField e) {
      return new Refusal(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
    JsonObject header = parts.header();
    return command(
        header,
        (fields, id) -> {
          for (String field : List.of("data", "encoding")) {
            if (header.containsKey(field)) {
              throw new BadField(field, "expected none in a header, the payload follows it");
            }
          }
          Input command = command(fields, header, id, () -> Payload.of(parts.payload()));
          if (command instanceof SuperchatCommand && !(command instanceof Publish)) {
            throw new BadField("type", "expected publish in a message of bytes");
          }
          return command;
        });
  }

  private static Input command(JsonValue value) {
    if (!(value instanceof JsonObject object)) {
      return new Refusal(
          ErrorCode.BAD_REQUEST,
          "expected a JSON object, or an array of them, got " + Fields.kind(value));
    }
    return command(object, (fields, id) -> command(fields, object, id, fields::payload));
  }

  /** Reads a command of which the id is known, if it has one. */
  private interface Reading {
    Input read(Fields fields, @Nullable Long id) throws BadField;
  }

  /** Reads what a publication carries. */
  private interface Carried {
    Payload read() throws BadField;
  }

  private static Input command(JsonObject object, Reading reading) {
    Fields fields = new Fields(object);
    Long id = null;
    try {
      id = fields.optionalLong("id", 1, Long.MAX_VALUE).orElse(null);
      return reading.read(fields, id);
    } catch (BadField e) {
      return new Refusal(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()), id);
    }
  }

  private static Input command(Fields fields, JsonObject object, @Nullable Long id, Carried carried)
      throws BadField {
    String type = fields.string("type");
    return switch (type) {
      case "connect" ->
          new SuperchatCommand.Connect(
              required(id),
              fields.optionalString("token").orElse(null),
              fields.displayName("client", MAX_CLIENT).orElse(null),
              fields.displayName("name", ChatCodec.MAX_NAME).orElse(null),
              subs(object.get("subs")));
      case "subscribe" ->
          new SuperchatCommand.Subscribe(
              required(id),
              fields.channel("channel"),
              fields.optionalString("token").orElse(null),
              position("since", object.get("since")),
              fields.optionalBoolean("presence").orElse(false));
      case "unsubscribe" ->
          new SuperchatCommand.Unsubscribe(required(id), fields.channel("channel"));
      case "publish" ->
          new Publish(
              required(id),
              fields.channel("channel"),
              carried.read(),
              fields.displayName("key", MAX_KEY).orElse(null),
              fields.optionalBoolean("ephemeral").orElse(false));
      case "history" ->
          new SuperchatCommand.History(
              required(id),
              fields.channel("channel"),
              position("since", object.get("since")),
              fields.optionalLong("limit", 1, MAX_LIMIT).map(Long::intValue).orElse(DEFAULT_LIMIT),
              fields.optionalBoolean("reverse").orElse(false));
      case "presence" -> new SuperchatCommand.Presence(required(id), fields.channel("channel"));
      case "ack" ->
          new SuperchatCommand.Ack(
              fields.channel("channel"),
              fields
                  .optionalLong("offset", 0, Long.MAX_VALUE)
                  .orElseThrow(() -> new BadField("offset", "expected a whole number")));
      case "refresh" -> new SuperchatCommand.Refresh(required(id), fields.string("token"));
      case "ping" -> new SuperchatCommand.Ping(required(id));
      case "pong" -> new SuperchatCommand.Pong();
      default -> new Refusal(ErrorCode.UNKNOWN_TYPE, "type: expected " + TYPES, id);
    };
  }

  private static Long required(@Nullable Long id) throws BadField {
    if (id == null) {
      throw new BadField("id", "expected a positive whole number");
    }
    return id;
  }

  private static List<Sub> subs(@Nullable JsonValue value) throws BadField {
    if (value == null || value.getValueType() == JsonValue.ValueType.NULL) {
      return List.of();
    }
    if (!(value instanceof JsonObject object)) {
      throw new BadField("subs", "expected an object, got " + Fields.kind(value));
    }
    List<Sub> subs = new ArrayList<>();
    for (Map.Entry<String, JsonValue> entry : object.entrySet()) {
      try {
        ChannelName channel = new ChannelName(entry.getKey());
        subs.add(new Sub(channel, position("subs." + channel, entry.getValue())));
      } catch (IllegalArgumentException e) {
        throw new BadField("subs", String.valueOf(e.getMessage()));
      }
    }
    return subs;
  }

  private static @Nullable StreamPosition position(String name, @Nullable JsonValue value)
      throws BadField {
    if (value == null || value.getValueType() == JsonValue.ValueType.NULL) {
      return null;
    }
    if (value instanceof JsonObject object) {
      Fields fields = new Fields(object);
      Optional<String> epoch = fields.displayName("epoch", MAX_KEY);
      Optional<Long> offset = fields.optionalLong("offset", 0, Long.MAX_VALUE);
      if (epoch.isPresent() && offset.isPresent()) {
        return new StreamPosition(epoch.get(), offset.get());
      }
    }
    throw new BadField(name, "expected an epoch (a string) and an offset (a whole number)");
  }
}
