package bench;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The {@code --name value} pairs of a command line; asking for a name makes it known. */
final class Options {
  /** A mistake in the command line; its message names the option and what it accepts. */
  static final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1;

    Mistake(String message) {
      super(message);
    }
  }

  private final Map<String, String> given = new HashMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  /** Reads what follows the mode; a name without a value means {@code true}. */
  Options(String[] arguments, int from) {
    for (int i = from; i < arguments.length; i++) {
      if (!arguments[i].startsWith("--")) {
        throw new Mistake("\"" + arguments[i] + "\": expected --name value");
      }
      boolean valued = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
      given.put(arguments[i].substring(2), valued ? arguments[++i] : "true");
    }
  }

  String text(String name, String fallback) {
    known.add("--" + name);
    return given.getOrDefault(name, fallback);
  }

  boolean flag(String name) {
    return number(name, 0, text(name, "false").equals("true") ? "1" : "0") != 0;
  }

  int whole(String name, int fallback) {
    return (int) number(name, fallback, text(name, null));
  }

  double number(String name, double fallback) {
    return number(name, fallback, text(name, null));
  }

  private static double number(String name, double fallback, String value) {
    if (value == null) {
      return fallback;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Mistake("--" + name + " \"" + value + "\": expected a number from 0");
  }

  /** Fails if something was given that nobody has asked for. */
  void finish() {
    for (String name : given.keySet()) {
      if (!known.contains("--" + name)) {
        throw new Mistake("--" + name + " is unknown; there are " + String.join(" ", known));
      }
    }
  }
}
