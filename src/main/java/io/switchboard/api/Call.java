package io.switchboard.api;

import io.switchboard.auth.Caller;
import io.switchboard.channel.ChannelName;
import io.switchboard.http.Percent;
import io.switchboard.http.Problem;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request of somebody who has shown the key, whose body has come. Used by one thread.
 *
 * @param names what the parts of the path in braces stand for
 */
record Call(
    HttpServletRequest request,
    Caller caller,
    Map<String, String> names,
    ByteBuffer content,
    Json json) {
  /** What a body may hold beyond the data of messages: the other fields. */
  static final int ENVELOPE = 4096;

  /** How many entries a list holds where that is not said. */
  private static final int DEFAULT_LIMIT = 100;

  /** How many entries a list may hold. */
  private static final int MAX_LIMIT = 1_000;

  /** Returns what the part {@code name} of the path stands for. */
  String name(String name) {
    return Optional.ofNullable(names.get(name)).orElseThrow();
  }

  /**
   * Returns the channel that the path names. Where its first part has no colon, that is the
   * namespace: {@code room/lobby} is {@code room:lobby}.
   */
  ChannelName channel() throws Refused {
    String name = name("channel");
    int slash = name.indexOf('/');
    boolean split = slash >= 0 && name.substring(0, slash).indexOf(':') < 0;
    try {
      return new ChannelName(split ? name.replaceFirst("/", ":") : name);
    } catch (IllegalArgumentException e) {
      throw Refused.badRequest("channel: " + e.getMessage());
    }
  }

  /** Returns the value of a parameter of the query, if it is there. */
  Optional<String> parameter(String name) throws Refused {
    List<String> values = Percent.parameters(request.getQueryString(), name);
    if (values.size() > 1) {
      throw Refused.badRequest(name + ": expected one value, got " + values.size());
    }
    return values.stream().findFirst();
  }

  /** Returns the trace that the caller says this belongs to, unchecked, if it says so. */
  @Nullable String trace() {
    return request.getHeader("traceparent");
  }

  /** Returns how many entries the caller wants. */
  int limit() throws Refused {
    Optional<String> value = parameter("limit");
    if (value.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    if (value.get().matches("\\d{1,9}")) {
      int limit = Integer.parseInt(value.get());
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw Refused.badRequest("limit: expected a whole number from 1 to %d".formatted(MAX_LIMIT));
  }

  /** Returns a parameter that is true or false; false if it is absent. */
  boolean flag(String name) throws Refused {
    String value = parameter(name).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      throw Refused.badRequest(name + ": expected true or false");
    }
    return value.equals("true");
  }

  /** Returns the body, which must be an object of a few short fields. */
  JsonObject fields() throws Refused {
    return object(ENVELOPE);
  }

  /** Returns the body, which must be an object of at most {@code max} bytes. */
  JsonObject object(int max) throws Refused {
    return object(body(max));
  }

  /** Returns the body as {@link #fields} does, or an empty object where there is no body. */
  JsonObject optionalFields() throws Refused {
    byte[] bytes = bytes(ENVELOPE);
    return bytes.length == 0 ? JsonValue.EMPTY_JSON_OBJECT : object(parse(bytes));
  }

  /** Returns the body, any JSON value of at most {@code max} bytes. */
  JsonValue body(int max) throws Refused {
    return parse(bytes(max));
  }

  private static JsonObject object(JsonValue value) throws Refused {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw Refused.badRequest("expected one JSON object");
  }

  private byte[] bytes(int max) throws Refused {
    if (content.remaining() > max) {
      throw Refused.tooLarge("the body holds at most %d bytes".formatted(max));
    }
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    return bytes;
  }

  private JsonValue parse(byte[] bytes) throws Refused {
    String type = Optional.ofNullable(request.getContentType()).orElse("");
    if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
      throw new Refused(
          Problem.of(415, "Unsupported media type", "Content-Type: expected application/json"));
    }
    try {
      return json.read(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw Refused.badRequest("expected UTF-8");
    } catch (JsonException e) {
      throw new Refused(
          Problem.of(400, "Bad request", "expected one JSON value")
              .member("code", ErrorCode.BAD_JSON.code()));
    }
  }
}
