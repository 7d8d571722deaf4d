package io.switchboard.channel;

import java.util.HexFormat;

/** What counts as clean text, and how long it is on the wire. */
public final class Text {
  private Text() {}

  /**
   * Returns the length of {@code text} in bytes of UTF-8.
   *
   * @throws IllegalArgumentException if it holds half of a surrogate pair, which UTF-8 cannot carry
   */
  public static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        throw new IllegalArgumentException("half of a surrogate pair (\\u%04x)".formatted((int) c));
      }
    }
    return bytes;
  }

  /** Returns whether {@code text} can be carried by UTF-8, that is, has no half surrogate pair. */
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Returns whether {@code text} holds a control character: C0, DEL, C1, or a line separator. */
  public static boolean hasControlCharacter(String text) {
    return text.chars().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
  }

  /**
   * Returns {@code text} as it may stand in a line of a log: what ends a line, moves the cursor,
   * turns the direction of writing or is no character at all is written as <code>\\uXXXX</code>,
   * and so are backslashes, so that nobody can write that himself.
   */
  public static String printable(String text) {
    if (text.chars().noneMatch(Text::isUnprintable) && isWellFormed(text)) {
      return text;
    }
    StringBuilder printable = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        printable.append(c).append(text.charAt(++i));
      } else if (isUnprintable(c) || Character.isSurrogate(c)) {
        printable.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        printable.append(c);
      }
    }
    return printable.toString();
  }

  private static boolean isUnprintable(int c) {
    return Character.isISOControl(c)
        || c == '\\'
        || c == 0x2028
        || c == 0x2029
        || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0xfeff;
  }
}
