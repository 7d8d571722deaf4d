package io.switchboard.wire;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The examples of {@code src/test/resources/wire}, one per shape of the protocol page, in a folder
 * for each subprotocol.
 *
 * <p>Each file holds {@code {"direction":"client|server","about":"…","frame":{…}}}. The frame is a
 * real one, so that the tests of the page can feed it to the page; here a frame is compared with it
 * by its keys and the JSON types of their values. {@code "optional":[…]} names keys that may be
 * missing, {@code "any":[…]} keys whose value may be anything. Of a message of bytes, the frame is
 * the header; {@code "binary"} holds all of it in Base64.
 */
final class Golden {

  private Golden() {}

  /** One file; {@code name} is its name without the ending. */
  record Example(
      String name,
      String direction,
      String about,
      JsonObject frame,
      Optional<byte[]> binary,
      Set<String> optional,
      Set<String> any) {

    Example {
      optional = Set.copyOf(optional);
      any = Set.copyOf(any);
    }

    boolean fromServer() {
      return direction.equals("server");
    }

    String type() {
      return frame.getString("type");
    }

    /** What keeps {@code seen} from having the shape of this example; empty when nothing does. */
    String differenceFrom(JsonValue seen) {
      return difference("", frame, seen);
    }

    private String difference(String at, JsonValue expected, JsonValue seen) {
      if (!kind(expected).equals(kind(seen))) {
        return at + " is a " + kind(seen) + " and not a " + kind(expected);
      }
      if (expected instanceof JsonObject example && seen instanceof JsonObject object) {
        return objectDifference(at, example, object);
      }
      if (expected instanceof JsonArray example && seen instanceof JsonArray array) {
        return array.stream()
            .map(element -> difference(at + "[]", example.get(0), element))
            .filter(difference -> !difference.isEmpty())
            .findFirst()
            .orElse("");
      }
      return "";
    }

    private String objectDifference(String at, JsonObject expected, JsonObject seen) {
      Set<String> missing = new HashSet<>(expected.keySet());
      missing.removeAll(seen.keySet());
      missing.removeAll(optional);
      Set<String> extra = new HashSet<>(seen.keySet());
      extra.removeAll(expected.keySet());
      if (!missing.isEmpty() || !extra.isEmpty()) {
        return (at.isEmpty() ? "the frame" : at) + " lacks " + missing + " and adds " + extra;
      }
      for (Map.Entry<String, JsonValue> entry : seen.entrySet()) {
        String key = entry.getKey();
        JsonValue example = Objects.requireNonNull(expected.get(key));
        if (any.contains(key)) {
          continue;
        }
        String difference = difference(at + "." + key, example, entry.getValue());
        if (!difference.isEmpty()) {
          return difference;
        }
      }
      return "";
    }

    private static String kind(JsonValue value) {
      return switch (value.getValueType()) {
        case TRUE, FALSE -> "boolean";
        case NULL -> "null";
        case OBJECT -> "object";
        case ARRAY -> "array";
        case NUMBER -> "number";
        case STRING -> "string";
      };
    }
  }

  /** The examples of {@code chat}. */
  static List<Example> all() {
    return all("/wire/chat");
  }

  static List<Example> superchat() {
    return all("/wire/superchat");
  }

  private static List<Example> all(String path) {
    URL folder = Objects.requireNonNull(Golden.class.getResource(path), path);
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Golden::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("not a folder: " + folder, e);
    }
  }

  private static Example read(Path file) {
    try (JsonReader reader = Json.createReader(Files.newBufferedReader(file))) {
      JsonObject root = reader.readObject();
      String fileName = Objects.requireNonNull(file.getFileName()).toString();
      return new Example(
          fileName.substring(0, fileName.length() - ".json".length()),
          root.getString("direction"),
          root.getString("about"),
          root.getJsonObject("frame"),
          Optional.ofNullable(root.getString("binary", null)).map(Base64.getDecoder()::decode),
          names(root, "optional"),
          names(root, "any"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static Set<String> names(JsonObject root, String key) {
    if (!root.containsKey(key)) {
      return Set.of();
    }
    return Set.copyOf(
        root.getJsonArray(key).getValuesAs(JsonString.class).stream()
            .map(JsonString::getString)
            .toList());
  }

  /** Fails unless {@code frame} has the shape of one of the server's examples of its type. */
  static void assertFromServer(JsonObject frame) {
    shapes(all(), frame, false);
  }

  /**
   * Fails unless {@code frame}, or the header of a message of bytes, has the shape of one of the
   * examples of {@code superchat}; returns the names of all that it has the shape of.
   */
  static Set<String> superchatShapes(JsonObject frame, boolean binary) {
    return shapes(superchat(), frame, binary);
  }

  private static Set<String> shapes(List<Example> all, JsonObject frame, boolean binary) {
    Map<String, String> differences = new TreeMap<>();
    all.stream()
        .filter(Example::fromServer)
        .filter(example -> example.binary().isPresent() == binary)
        .filter(example -> example.type().equals(frame.getString("type", "")))
        .forEach(example -> differences.put(example.name(), example.differenceFrom(frame)));
    if (!differences.containsValue("")) {
      throw new AssertionError(frame + " differs from the examples: " + differences);
    }
    differences.values().removeIf(difference -> !difference.isEmpty());
    return differences.keySet();
  }
}
