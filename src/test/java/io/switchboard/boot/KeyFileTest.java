package io.switchboard.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ApiKey;
import io.switchboard.auth.ApiKeys;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.StepExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  /** The SHA-256 of {@code one} and of {@code two}. */
  private static final String ONE =
      "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";

  private static final String TWO =
      "sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";

  @TempDir private Path home = Path.of("unset");
  private final FakeTime time = new FakeTime();
  private final StepExecutor patient = new StepExecutor();

  private KeyFile file() {
    return new KeyFile(home, ApiKey.standard("first"), patient, time);
  }

  private void write(String text) throws IOException {
    Files.writeString(home.resolve("api-keys"), text);
  }

  private ApiKeys started(KeyFile file) {
    return new ApiKeys(time, file.read());
  }

  private void aSecondPasses(KeyFile file, ApiKeys keys) {
    time.pass(Duration.ofSeconds(1));
    file.beat(keys);
    patient.runAll();
  }

  @Test
  void withoutAFileThereIsTheFirstKey() {
    ApiKeys keys = started(file());
    assertTrue(keys.callerBy("first").isPresent());
    assertFalse(keys.callerBy("one").isPresent());
  }

  @Test
  void aChangeIsTakenWithinASecond() throws IOException {
    KeyFile file = file();
    ApiKeys keys = started(file);
    write("# keys\n\nci publish " + ONE + "\n");
    file.beat(keys);
    patient.runAll();
    assertFalse(keys.callerBy("one").isPresent(), "looked at more than once a second");
    aSecondPasses(file, keys);
    assertEquals("ci", keys.callerBy("one").orElseThrow().name());
    assertTrue(keys.callerBy("first").isPresent());
    write("eye read " + TWO + "\n");
    aSecondPasses(file, keys);
    assertFalse(keys.callerBy("one").isPresent());
    assertEquals("eye", keys.callerBy("two").orElseThrow().name());
    Files.delete(home.resolve("api-keys"));
    aSecondPasses(file, keys);
    assertFalse(keys.callerBy("two").isPresent());
    assertTrue(keys.callerBy("first").isPresent());
  }

  @Test
  void whatCouldNotBeReadIsReadAgainAlthoughNoTimeOrSizeChanges() throws IOException {
    write("ci publish " + ONE + "\n");
    KeyFile file = file();
    ApiKeys keys = started(file);
    byte[] mended = ("eye read " + TWO + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] unreadable = new byte[mended.length];
    Arrays.fill(unreadable, (byte) 0xFF);
    Path path = home.resolve("api-keys");
    Files.write(path, unreadable);
    FileTime written = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(path, written);
    aSecondPasses(file, keys);
    assertTrue(keys.callerBy("one").isPresent(), "they stay as they were");
    Files.write(path, mended);
    Files.setLastModifiedTime(path, written);
    aSecondPasses(file, keys);
    assertFalse(keys.callerBy("one").isPresent(), "it was taken away");
    assertTrue(keys.callerBy("two").isPresent());
  }

  @Test
  void aBrokenLineChangesNothingUntilItIsMended() throws IOException {
    write("ci publish " + ONE + "\n");
    KeyFile file = file();
    ApiKeys keys = started(file);
    write("eye read " + TWO + "\nci publsh " + ONE + "\n");
    aSecondPasses(file, keys);
    assertTrue(keys.callerBy("one").isPresent());
    assertFalse(keys.callerBy("two").isPresent());
    write("eye read " + TWO + "\nci publish " + ONE + "\n");
    aSecondPasses(file, keys);
    assertTrue(keys.callerBy("two").isPresent());
  }

  @Test
  void atTheStartEveryBrokenLineIsNamed() throws IOException {
    write("ci publish " + ONE + "\nci read " + TWO + "\n# so far so good\neye look " + TWO + "\n");
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> file().read());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("Switchboard cannot start: " + home), message);
    assertFalse(message.contains("line 1:"), message);
    assertTrue(message.contains("line 2: the name: expected another than"), message);
    assertTrue(message.contains("line 4: the scopes: expected some of"), message);
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Files.createDirectory(home.resolve("api-keys"));
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> file().read());
    assertTrue(String.valueOf(e.getMessage()).contains("api-keys"), e.getMessage());
  }
}
