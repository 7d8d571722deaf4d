package bench;

import java.nio.charset.StandardCharsets;

/**
 * The payload of a publication: a JSON string that says who published it, when, and as which one.
 *
 * <p>{@code "bench:<time, 16 digits>:<publisher, 3>:<number, 10>:xxx…"}, as long as wished. The
 * time counts in nanoseconds from the start of this JVM, numbers from 0 for each publisher. Being a
 * string of plain letters, it survives every server that reads and writes JSON.
 */
final class Stamp {
  /** What each payload begins with, its quote included. */
  static final byte[] MARKER = "\"bench:".getBytes(StandardCharsets.US_ASCII);

  /** The shortest payload, in bytes. */
  static final int MIN_SIZE = 40;

  private static final int TIME = MARKER.length;
  private static final int TIME_DIGITS = 16;
  private static final int PUBLISHER = TIME + TIME_DIGITS + 1;
  private static final int PUBLISHER_DIGITS = 3;
  private static final int NUMBER = PUBLISHER + PUBLISHER_DIGITS + 1;
  private static final int NUMBER_DIGITS = 10;

  /** Where the part that is the same in all payloads begins. */
  static final int FILLER = NUMBER + NUMBER_DIGITS + 1;

  private static final long BASE = System.nanoTime();

  private Stamp() {}

  /** The clock of all stamps: nanoseconds since the start. */
  static long now() {
    return System.nanoTime() - BASE;
  }

  /** Returns a payload of {@code size} bytes, its quotes included, with zeros for numbers. */
  static String blank(int size) {
    if (size < MIN_SIZE) {
      throw new Options.Mistake("--size: expected at least " + MIN_SIZE);
    }
    return "\"bench:"
        + "0".repeat(TIME_DIGITS)
        + ":000:"
        + "0".repeat(NUMBER_DIGITS)
        + ":"
        + "x".repeat(size - FILLER - 1)
        + "\"";
  }

  /** Fills in the numbers of the payload that begins at {@code at}. */
  static void write(byte[] bytes, int at, long time, int publisher, long number) {
    digits(bytes, at + TIME, TIME_DIGITS, time);
    digits(bytes, at + PUBLISHER, PUBLISHER_DIGITS, publisher);
    digits(bytes, at + NUMBER, NUMBER_DIGITS, number);
  }

  static long time(byte[] bytes, int at) {
    return number(bytes, at + TIME, TIME_DIGITS);
  }

  static int publisher(byte[] bytes, int at) {
    return (int) number(bytes, at + PUBLISHER, PUBLISHER_DIGITS);
  }

  static long number(byte[] bytes, int at) {
    return number(bytes, at + NUMBER, NUMBER_DIGITS);
  }

  /** Writes {@code value} with leading zeros. */
  static void digits(byte[] bytes, int at, int count, long value) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static long number(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = at; i < at + count; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return value;
  }
}
