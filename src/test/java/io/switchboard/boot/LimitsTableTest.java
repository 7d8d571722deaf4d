package io.switchboard.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.session.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of {@code limits.md} says what there is: each limit, its settings and defaults. */
class LimitsTableTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z-]+)` \\|(.*)\\|$", Pattern.MULTILINE);
  private static final Pattern SETTING =
      Pattern.compile("`(switchboard\\.[a-z.<>-]+)` = `([^`]+)`");

  private static List<MatchResult> rows() throws IOException {
    return ROW.matcher(Files.readString(Path.of("src/docs/limits.md"))).results().toList();
  }

  @Test
  void everyLimitHasARowAndEveryRowALimit() throws IOException {
    Set<String> documented =
        rows().stream().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
    Set<String> there =
        Arrays.stream(Limit.values())
            .map(Limit::word)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(there, documented);
    assertEquals(there.size(), rows().size(), "a limit stands there twice");
  }

  @Test
  void theSettingsAreThereWithThoseDefaults() throws IOException {
    SettingsReader reader = new SettingsReader(key -> Optional.empty(), Set.of());
    SettingsLoader.read(reader, Path.of("home"));
    String readme = Files.readString(Path.of("README.md"));
    int found = 0;
    for (MatchResult row : rows()) {
      for (MatchResult setting : SETTING.matcher(row.group(2)).results().toList()) {
        found++;
        String key = setting.group(1);
        assertTrue(reader.keys().contains(key.replace("<name>", "room")), key);
        String told = "\n| `%s` | `%s` |".formatted(key, setting.group(2));
        assertTrue(readme.contains(told), () -> "the README does not say" + told);
      }
    }
    assertTrue(found >= 15, "only " + found + " settings");
  }
}
