package bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps, lists, strings, {@code Long}s, {@code Double}s, booleans and nulls. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  static Object read(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.space();
    if (json.at < text.length()) {
      throw json.mistake();
    }
    return value;
  }

  /** Returns the member {@code name}, which must be an object or absent. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Map<String, Object> from, String name) {
    return (Map<String, Object>) from.getOrDefault(name, Map.of());
  }

  /** Returns the objects of a message, which is one or an array of them. */
  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> objects(Object value) {
    return value instanceof List<?> list
        ? (List<Map<String, Object>>) list
        : List.of((Map<String, Object>) value);
  }

  private Object value() {
    space();
    char c = peek();
    if (c == '{') {
      return object();
    }
    if (c == '[') {
      return array();
    }
    if (c == '"') {
      return string();
    }
    int from = at;
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> null;
      default -> number(word);
    };
  }

  private Object number(String word) {
    try {
      return word.matches("-?[0-9]+") ? (Object) Long.valueOf(word) : Double.valueOf(word);
    } catch (NumberFormatException e) {
      throw mistake();
    }
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    space();
    while (peek() != '}') {
      String name = string();
      space();
      expect(':');
      members.put(name, value());
      next('}');
    }
    at++;
    return members;
  }

  private List<Object> array() {
    List<Object> elements = new ArrayList<>();
    at++;
    space();
    while (peek() != ']') {
      elements.add(value());
      next(']');
    }
    at++;
    return elements;
  }

  /** Goes to what follows a comma, or to the end. */
  private void next(char end) {
    space();
    if (peek() != end) {
      expect(',');
      space();
      if (peek() == end) {
        throw mistake();
      }
    }
  }

  private String string() {
    expect('"');
    int from = at;
    StringBuilder decoded = null;
    while (peek() != '"') {
      if (text.charAt(at) == '\\') {
        decoded = decoded == null ? new StringBuilder() : decoded;
        decoded.append(text, from, at);
        at++;
        char c = peek();
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
          decoded.append("\"\\/\b\f\n\r\t".charAt(plain));
        } else if (c == 'u' && at + 5 <= text.length()) {
          decoded.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
          at += 4;
        } else {
          throw mistake();
        }
        from = at + 1;
      }
      at++;
    }
    String rest = text.substring(from, at++);
    return decoded == null ? rest : decoded.append(rest).toString();
  }

  private void expect(char c) {
    if (peek() != c) {
      throw mistake();
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw mistake();
    }
    return text.charAt(at);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException mistake() {
    return new IllegalArgumentException("no JSON at " + at + ": " + text);
  }
}
