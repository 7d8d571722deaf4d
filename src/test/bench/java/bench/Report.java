package bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a run has to say: a table for people, then one line of JSON. */
final class Report {
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final StringBuilder table = new StringBuilder();

  /** Adds a value to the JSON only. */
  Report quiet(String name, Object value) {
    values.put(name, value);
    return this;
  }

  /** Adds a value, and a line with it to the table. */
  Report add(String name, String label, Object value) {
    values.put(name, value);
    table.append(String.format(Locale.ROOT, "  %-44s %16s%n", label, shown(value)));
    return this;
  }

  /**
   * Prints all of it.
   *
   * @param well whether the run was what it should be
   * @param trouble what went wrong first; may be empty
   * @param table whether people read it
   */
  void end(boolean well, String trouble, boolean table) {
    quiet("ok", well).quiet("trouble", trouble);
    if (table) {
      System.out.print(this.table);
    }
    StringBuilder json = new StringBuilder("{");
    values.forEach(
        (name, value) ->
            json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(name)
                .append("\":")
                .append(json(value)));
    System.out.println(json.append('}'));
    if (!well) {
      System.err.println(
          "load: FAILED, " + values.get("mode") + " of " + values.get("label") + ": " + trouble);
    }
  }

  private static String shown(Object value) {
    if (value instanceof Double number) {
      return String.format(
          Locale.ROOT, number >= 1000 ? "%,.0f" : number >= 10 ? "%.1f" : "%.2f", number);
    }
    return value instanceof Number number
        ? String.format(Locale.ROOT, "%,d", number.longValue())
        : String.valueOf(value);
  }

  private static String json(Object value) {
    if (value instanceof Double number) {
      return String.format(Locale.ROOT, "%.3f", number);
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    StringBuilder text = new StringBuilder("\"");
    for (char c : String.valueOf(value).toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else {
        text.append(c < ' ' ? String.format("\\u%04x", (int) c) : c);
      }
    }
    return text.append('"').toString();
  }
}
