package io.switchboard.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.switchboard.boot.SettingsReader.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What operators write: it is right, or each wrong setting is named. See {@code src/test/fuzz}. */
class SettingsFuzzTest {
  private static final List<String> KEYS = List.copyOf(keys());

  private static Set<String> keys() {
    SettingsReader reader = new SettingsReader(key -> Optional.empty(), Set.of());
    SettingsLoader.read(reader, Path.of("home"));
    return new TreeSet<>(reader.keys());
  }

  @FuzzTest
  void everything(FuzzedDataProvider data) {
    Map<String, Value> written = new HashMap<>();
    for (int i = data.consumeInt(1, 8); i > 0; i--) {
      written.put(data.pickValue(KEYS), new Value(data.consumeString(40), "a file"));
    }
    SettingsReader reader =
        new SettingsReader(key -> Optional.ofNullable(written.get(key)), Set.of());
    Settings settings = SettingsLoader.read(reader, Path.of("home"));
    for (String mistake : reader.mistakes()) {
      String key = mistake.substring(0, mistake.indexOf(": "));
      assertTrue(key.startsWith("switchboard.") && mistake.contains("expected"), mistake);
    }
    if (reader.mistakes().isEmpty()) {
      assertTrue(settings.session().maxMessage() >= 1024);
      assertTrue(settings.heartbeat().interval().compareTo(Duration.ZERO) > 0);
      assertTrue(settings.http().timeout().compareTo(settings.heartbeat().interval()) > 0);
    }
  }

  /** A value out of its bounds is never taken, and what is refused is the only mistake. */
  @FuzzTest
  void values(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    SettingsReader reader =
        new SettingsReader(key -> Optional.of(new Value(text, "a file")), Set.of());
    int number = reader.integer("n", 7, 1, 9);
    assertTrue(number >= 1 && number <= 9);
    long size = reader.size("s", 1024, 512, 4096);
    assertTrue(size >= 512 && size <= 4096);
    Duration second = Duration.ofSeconds(1);
    Duration time = reader.duration("d", second, second, Duration.ofHours(1));
    assertTrue(time.compareTo(second) >= 0 && time.compareTo(Duration.ofHours(1)) <= 0);
    if (!text.isBlank()) {
      int wrong = reader.mistakes().size();
      reader.bool("b", true);
      boolean isOne =
          Set.of("true", "false").contains(text.strip().toLowerCase(java.util.Locale.ROOT));
      assertEquals(isOne ? wrong : wrong + 1, reader.mistakes().size());
    }
  }
}
