package io.switchboard.boot.standalone;

import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * Writes a record as one JSON object on one line (RFC 8259): {@code time}, {@code level}, {@code
 * logger}, {@code message}, and {@code error} with the stack trace of what was thrown. Where a
 * parameter of the record is a map, its entries are members, too.
 *
 * <p>By hand, because this runs where no library of the WAR is seen. Public with a public
 * constructor because Tomcat makes one.
 */
public final class JsonFormatter extends Formatter {
  /** Made by Tomcat, too. */
  public JsonFormatter() {}

  @Override
  public String format(LogRecord record) {
    Map<String, Object> members =
        members(
            record.getInstant(),
            record.getLevel().getName(),
            String.valueOf(record.getLoggerName()),
            formatMessage(record));
    if (record.getParameters() != null) {
      for (Object parameter : record.getParameters()) {
        if (parameter instanceof Map<?, ?> map) {
          map.forEach((name, value) -> members.putIfAbsent(String.valueOf(name), value));
        }
      }
    }
    String error = LineFormatter.stack(record);
    if (!error.isEmpty()) {
      members.put("error", error);
    }
    return line(members);
  }

  /** Returns one line that says just that. */
  static String line(Instant time, String level, String logger, String message) {
    return line(members(time, level, logger, message));
  }

  private static Map<String, Object> members(
      Instant time, String level, String logger, String message) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("time", LineFormatter.utc(time));
    members.put("level", level);
    members.put("logger", logger);
    members.put("message", message);
    return members;
  }

  private static String line(Map<String, Object> members) {
    StringBuilder json = new StringBuilder(256).append('{');
    members.forEach(
        (name, value) -> {
          if (json.length() > 1) {
            json.append(',');
          }
          string(json, name);
          json.append(':');
          if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
          } else {
            string(json, String.valueOf(value));
          }
        });
    return json.append('}').append(System.lineSeparator()).toString();
  }

  private static void string(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\t' -> json.append("\\t");
        default -> {
          // Halves of pairs are no JSON text, and U+2028 ends a line for some who read it.
          if (Character.isISOControl(c) || isHalf(text, i) || c == 0x2028 || c == 0x2029) {
            json.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }

  private static boolean isHalf(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
