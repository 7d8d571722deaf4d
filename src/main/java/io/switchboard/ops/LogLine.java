package io.switchboard.ops;

import io.switchboard.channel.Text;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a line of the log says, as names and values; {@link #toString} is the line. Used by one
 * thread at a time.
 */
final class LogLine extends AbstractMap<String, Object> {
  private final String event;
  private final Map<String, Object> values = new LinkedHashMap<>();

  LogLine(String event) {
    this.event = event;
  }

  /** Adds a value and returns this. */
  LogLine with(String name, Object value) {
    values.put(name, value);
    return this;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return values.entrySet();
  }

  /** Returns the line: values with blanks are in quotes, and nothing in them ends the line. */
  @Override
  public String toString() {
    return event
        + values.entrySet().stream()
            .map(entry -> " " + entry.getKey() + "=" + safe(entry.getValue().toString()))
            .collect(Collectors.joining());
  }

  private static String safe(String value) {
    String printable = Text.printable(value);
    boolean bare =
        !printable.isEmpty() && printable.chars().noneMatch(c -> c == ' ' || c == '"' || c == '=');
    return bare ? printable : '"' + printable.replace("\"", "\\\"") + '"';
  }
}
