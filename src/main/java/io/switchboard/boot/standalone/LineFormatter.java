package io.switchboard.boot.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

/**
 * Writes a record as one line for people; a stack trace follows it, indented.
 *
 * <p>Whatever a record says, it begins no line of its own and moves no cursor: control characters
 * are written as <code>\\uXXXX</code>. Public with a public constructor because Tomcat makes one.
 */
public final class LineFormatter extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSZ", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  /** Made by Tomcat, too. */
  public LineFormatter() {}

  @Override
  public String format(LogRecord record) {
    return "%s %-7s %s: %s%n%s"
        .formatted(
            TIME.format(record.getInstant()),
            record.getLevel().getName(),
            safe(String.valueOf(record.getLoggerName())),
            safe(formatMessage(record)),
            trace(record));
  }

  private static String trace(LogRecord record) {
    String trace = stack(record);
    return trace.isEmpty()
        ? ""
        : trace
            .lines()
            .map(line -> "\t" + safe(line.strip()) + System.lineSeparator())
            .collect(Collectors.joining());
  }

  /** Returns the stack trace of what was thrown; empty if nothing was. */
  static String stack(LogRecord record) {
    if (record.getThrown() == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    record.getThrown().printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /** Returns the time of a record as everything else of ours writes times. */
  static String utc(Instant time) {
    return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.MILLIS));
  }

  /** Returns {@code text} with what is no visible character as <code>\\uXXXX</code>. */
  static String safe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t' || !isUnsafe(c)) {
        safe.append(c);
      } else {
        safe.append("\\u").append(HexFormat.of().toHexDigits(c));
      }
    }
    return safe.toString();
  }

  private static boolean isUnsafe(char c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
