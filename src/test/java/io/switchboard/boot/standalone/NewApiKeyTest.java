package io.switchboard.boot.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ApiKey;
import io.switchboard.auth.ApiKeys;
import io.switchboard.auth.Caller;
import io.switchboard.auth.Scope;
import io.switchboard.testing.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewApiKeyTest {
  @TempDir private Path folder = Path.of("unset");

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("home/api-keys"));
  }

  private String made(String name, String scopes) {
    return NewApiKey.make(folder.resolve("home"), name, scopes, new Random(name.hashCode()));
  }

  @Test
  void theServerKnowsTheKeyByTheLineThatIsWritten() throws IOException {
    String key = made("ci", "publish,read");
    assertTrue(key.matches("sb_[0-9a-f]{48}"), key);
    assertEquals(1, lines().size());
    assertFalse(lines().get(0).contains(key), "the key itself is kept");
    ApiKeys keys = new ApiKeys(new FakeTime(), List.of(ApiKey.parse(lines().get(0))));
    assertEquals(
        Optional.of(new Caller("ci", Set.of(Scope.PUBLISH, Scope.READ))), keys.callerBy(key));
  }

  @Test
  void theFileIsForItsOwnerOnlyAndKeepsWhatItHolds() throws IOException {
    made("ci", "publish");
    Path file = folder.resolve("home/api-keys");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Files.writeString(file, lines().get(0) + "\n# the last line has no end");
    made("eye", "read");
    assertEquals(3, lines().size());
    assertTrue(lines().get(2).startsWith("eye read sha256:"), lines()::toString);
  }

  @Test
  void aNameIsGivenOnce() throws IOException {
    made("ci", "publish");
    StartException e = assertThrows(StartException.class, () -> made("ci", "read"));
    assertTrue(String.valueOf(e.getMessage()).contains("there is one named ci"), e.getMessage());
    assertEquals(1, lines().size());
  }
}
