package io.switchboard.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code src/docs/systemd/switchboard.service}, which systemd itself checks in {@code .ci/run}. */
class SystemdTest {
  private static String value(String key) throws IOException {
    List<String> values =
        Files.readAllLines(Path.of("src/docs/systemd/switchboard.service")).stream()
            .filter(line -> line.startsWith(key + "="))
            .map(line -> line.substring(key.length() + 1))
            .toList();
    assertEquals(1, values.size(), key);
    return values.get(0);
  }

  private static long secondsInReadme(String setting) throws IOException {
    String row =
        Files.readAllLines(Path.of("README.md")).stream()
            .filter(line -> line.startsWith("| `" + setting + "` |"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(row.replaceFirst(".*?\\| `(\\d+)s`.*", "$1"));
  }

  @Test
  void thereIsTimeToDrainAndThenToStop() throws IOException {
    long drain = secondsInReadme("switchboard.drain-timeout");
    assertEquals(15, drain);
    assertTrue(Long.parseLong(value("TimeoutStopSec")) >= drain + 20, value("TimeoutStopSec"));
  }

  @Test
  void whatEndsItIsKnown() throws IOException {
    assertEquals("143", value("SuccessExitStatus")); // SIGTERM
    assertEquals("2", value("RestartPreventExitStatus")); // a wrong setting
    assertTrue(value("Environment").startsWith("SWITCHBOARD_HOME=%S/"), value("Environment"));
    assertEquals("switchboard", value("StateDirectory"));
  }
}
