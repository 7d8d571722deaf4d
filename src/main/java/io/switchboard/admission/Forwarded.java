package io.switchboard.admission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the {@code Forwarded} header (RFC 7239 section 4). For one thread and one header.
 *
 * <p>More is let pass than the grammar has: values such as {@code [2001:db8::7]:4711} are often
 * written without the quotes that they need.
 */
final class Forwarded {
  private static final String NO_TOKEN = "()<>@,;:\\\"/[]?={} \t";

  private final String text;
  private int at;

  private Forwarded(String text) {
    this.text = text;
  }

  /**
   * Returns the elements of all header lines, the client's side first, each with its parameters in
   * small letters; nothing if they are malformed.
   */
  static Optional<List<Map<String, String>>> parse(List<String> lines) {
    return new Forwarded(String.join(",", lines)).elements();
  }

  private Optional<List<Map<String, String>>> elements() {
    List<Map<String, String>> elements = new ArrayList<>();
    Map<String, String> element = new HashMap<>();
    while (true) {
      skipSpace();
      if (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ';') {
        String name = token().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || !skip('=')) {
          return Optional.empty();
        }
        Optional<String> value = skip('"') ? quoted() : Optional.of(plain());
        if (value.isEmpty() || element.put(name, value.get()) != null) {
          return Optional.empty();
        }
        skipSpace();
      }
      if (skip(';')) {
        continue;
      }
      if (!element.isEmpty()) {
        elements.add(Map.copyOf(element));
        element.clear();
      }
      if (at == text.length()) {
        return Optional.of(elements);
      }
      if (!skip(',')) {
        return Optional.empty();
      }
    }
  }

  private String token() {
    int start = at;
    while (at < text.length() && isToken(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isToken(char c) {
    return c > 0x20 && c < 0x7F && NO_TOKEN.indexOf(c) < 0;
  }

  private String plain() {
    int start = at;
    while (at < text.length() && ",;\" \t".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  /** Reads up to the quote that ends the string, and over it. */
  private Optional<String> quoted() {
    StringBuilder value = new StringBuilder();
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return Optional.of(value.toString());
      }
      if (c == '\\' && ++at == text.length()) {
        break;
      }
      value.append(text.charAt(at));
    }
    return Optional.empty();
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }
}
