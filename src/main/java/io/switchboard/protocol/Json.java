package io.switchboard.protocol;

import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.adapter.JsonbAdapter;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * JSON in and out: records are written by JSON-B, texts are read by JSON-P.
 *
 * <p>Reading stops at the value: fields are then taken one by one by {@link Fields}, because a
 * binder's complaint names a class of ours where a client needs the name of its field. Both
 * providers are looked up once, for a look-up walks the class path. Safe for use by many threads.
 */
public final class Json {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Jsonb jsonb;
  private final JsonParserFactory parsers;

  /** Looks up the providers. */
  public Json() {
    jsonb = JsonbBuilder.create(new JsonbConfig().withAdapters(new Timestamps()));
    parsers = JsonProvider.provider().createParserFactory(Map.of());
  }

  /** Returns {@code record} as JSON text; absent components are left out. */
  public String write(Object record) {
    return jsonb.toJson(record);
  }

  /**
   * Returns the one value that {@code text} is.
   *
   * @throws JsonException if it is none, has something behind it, or is nested too deeply
   */
  public JsonValue read(String text) {
    try (JsonParser parser = parsers.createParser(new StringReader(text))) {
      parser.next();
      JsonValue value = parser.getValue();
      if (parser.hasNext()) {
        throw new JsonException("something follows the value");
      }
      return value;
    } catch (JsonException e) {
      throw e;
    } catch (RuntimeException
        | StackOverflowError e) { // providers differ where it is empty or deep
      throw new JsonException("not one JSON value", e);
    }
  }

  /** Returns {@code instant} as it stands on the wire: UTC, to the millisecond. */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** Writes times with three digits always, which ISO-8601 leaves open. */
  public static final class Timestamps implements JsonbAdapter<Instant, String> {
    @Override
    public String adaptToJson(Instant instant) {
      return time(instant);
    }

    @Override
    public Instant adaptFromJson(String text) {
      return Instant.parse(text);
    }
  }
}
