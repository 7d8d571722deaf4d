package io.switchboard.boot.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** Lines of the log of {@code java -jar}, whatever is logged. */
class LogFormatTest {
  private static final String FORGED =
      "ann\n2026-01-01T00:00:00.000+0000 INFO    x: forged\u001b[2J\u2028 \"quoted\" \\ \ud800";

  private static LogRecord record(String message, Object... parameters) {
    LogRecord record = new LogRecord(Level.INFO, message);
    record.setLoggerName("io.switchboard.test");
    record.setInstant(Instant.parse("2026-01-02T03:04:05.678901Z"));
    record.setParameters(parameters);
    return record;
  }

  private static JsonObject json(LogRecord record) {
    String line = new JsonFormatter().format(record);
    assertEquals(1, line.lines().count(), line);
    return Json.createReader(new StringReader(line)).readObject();
  }

  @Test
  void aRecordIsOneObject() {
    JsonObject json = json(record("{0} of {1}", 3, 4));
    assertEquals("2026-01-02T03:04:05.678Z", json.getString("time"));
    assertEquals("INFO", json.getString("level"));
    assertEquals("io.switchboard.test", json.getString("logger"));
    assertEquals("3 of 4", json.getString("message"));
    assertEquals(4, json.size());
  }

  @Test
  void theEntriesOfAMapAreMembersButReplaceNone() {
    JsonObject json = json(record("{0}", Map.of("code", 1000, "user", FORGED, "level", "FORGED")));
    assertEquals(1000, json.getInt("code"));
    assertEquals(FORGED, json.getString("user"));
    assertEquals("INFO", json.getString("level"));
  }

  @Test
  void whateverIsSaidTheObjectStaysOneLine() {
    LogRecord record = record("{0}", FORGED);
    record.setThrown(new IllegalStateException(FORGED));
    JsonObject json = json(record);
    assertEquals(FORGED, json.getString("message"));
    assertTrue(json.getString("error").contains("LogFormatTest"), json::toString);
  }

  @Test
  void inATextNoLineButTheFirstBeginsAtTheEdge() {
    LogRecord record = record("{0}", FORGED);
    record.setThrown(new IllegalStateException(FORGED));
    Formatter text = new LineFormatter();
    String[] lines = text.format(record).split("\\R", -1);
    assertTrue(lines[0].contains("INFO    io.switchboard.test: ann\\u000a2026"), lines[0]);
    for (int i = 1; i < lines.length - 1; i++) {
      assertTrue(lines[i].startsWith("\t"), lines[i]);
    }
    assertTrue(text.format(record).indexOf('\u001b') < 0);
  }
}
