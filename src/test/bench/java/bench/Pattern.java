package bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds a few bytes among many (Horspool's way: mostly in steps as long as the pattern). */
final class Pattern {
  private final byte[] bytes;
  private final int last;
  private final int[] step = new int[256];

  Pattern(String ascii) {
    this.bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    this.last = bytes.length - 1;
    Arrays.fill(step, bytes.length);
    for (int i = 0; i < last; i++) {
      step[bytes[i] & 0xff] = last - i;
    }
  }

  int length() {
    return bytes.length;
  }

  /** Returns where the pattern begins first in {@code from..to}, or -1. */
  int find(byte[] text, int from, int to) {
    byte end = bytes[last];
    for (int i = from + last; i < to; i += step[text[i] & 0xff]) {
      if (text[i] == end && Arrays.equals(text, i - last, i, bytes, 0, last)) {
        return i - last;
      }
    }
    return -1;
  }

  /** Reads the digits that begin at {@code at}. */
  static long wholeNumber(byte[] text, int at) {
    long value = 0;
    for (int i = at; text[i] >= '0' && text[i] <= '9'; i++) {
      value = value * 10 + (text[i] - '0');
    }
    return value;
  }
}
