package io.switchboard.protocol;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * The language {@code superchat}, of which only the frame exists: commands are recognised by their
 * id, and refused.
 */
public final class SuperchatCodec implements Codec {
  private final Json json;
  private final ChatCodec chat;

  /** Makes one that shares the shapes of {@code error} and {@code bye} with {@code chat}. */
  public SuperchatCodec(Json json, ChatCodec chat) {
    this.json = json;
    this.chat = chat;
  }

  @Override
  public String subprotocol() {
    return "superchat";
  }

  @Override
  public Input decode(String text) {
    try {
      JsonValue value = json.read(text);
      if (!(value instanceof JsonObject object)) {
        return new Refusal(
            ErrorCode.BAD_REQUEST, "expected one JSON object, got " + Fields.kind(value));
      }
      Optional<Long> id = new Fields(object).optionalLong("id", 1, Long.MAX_VALUE);
      return new SuperchatCommand(id.orElse(null));
    } catch (JsonException e) {
      return new Refusal(ErrorCode.BAD_JSON, "expected one JSON object");
    } catch (Fields.BadField e) {
      return new Refusal(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Frame encode(Push push) {
    throw new IllegalStateException("superchat has no subscriptions yet");
  }

  @Override
  public Frame encode(Refusal refusal) {
    return chat.encode(refusal);
  }

  @Override
  public Frame encode(Disconnect end) {
    return chat.encode(end);
  }
}
