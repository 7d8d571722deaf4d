package io.switchboard.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Percent-encoding (RFC 3986 section 2.1), read strictly. */
public final class Percent {
  private Percent() {}

  /**
   * Returns what {@code text} stands for; a plus sign stands for itself.
   *
   * @return nothing if a percent sign is not followed by two hexadecimal digits, or the bytes are
   *     not UTF-8
   */
  public static Optional<String> decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '%') {
        int end = text.indexOf('%', i) < 0 ? text.length() : text.indexOf('%', i);
        bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
        continue;
      }
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      bytes.write(high * 16 + low);
      i += 2;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the values of the parameter {@code name} of a query, in order; a plus sign stands for a
   * space, and what is not encoded properly stands for itself.
   */
  public static List<String> parameters(@Nullable String query, String name) {
    List<String> values = new ArrayList<>();
    for (String parameter : Optional.ofNullable(query).orElse("").split("&", -1)) {
      String[] parts = parameter.split("=", 2);
      if (part(parts[0]).equals(name)) {
        values.add(parts.length == 1 ? "" : part(parts[1]));
      }
    }
    return values;
  }

  private static String part(String text) {
    return decode(text.replace('+', ' ')).orElse(text);
  }

  /**
   * Returns a path without its parameters (RFC 3986 section 3.3), in one of which a container may
   * keep a log-in.
   */
  public static String withoutParameters(String path) {
    return path.replaceAll(";[^/]*", "");
  }
}
