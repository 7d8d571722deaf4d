package io.switchboard.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.switchboard.boot.SettingsLoader.BadSettings;
import io.switchboard.session.DrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
  @TempDir private Path home = Path.of("unset");

  private Settings load(
      Map<String, String> system, Map<String, String> environment, Map<String, String> context) {
    Map<String, String> withHome = new HashMap<>(system);
    withHome.put("switchboard.home", home.toString());
    return SettingsLoader.load(
        List.of(
            new PropertiesConfigSource(withHome, "system", SettingsLoader.SYSTEM),
            new EnvConfigSource(environment, SettingsLoader.ENVIRONMENT),
            new PropertiesConfigSource(context, "context", SettingsLoader.CONTEXT)),
        context);
  }

  private Settings load(Map<String, String> system) {
    return load(system, Map.of(), Map.of());
  }

  @Test
  void withoutASettingThereAreDefaults() {
    Settings settings = load(Map.of());
    assertEquals(home, settings.home());
    assertEquals(65_536, settings.session().maxMessage());
    assertEquals(128, settings.session().maxChannels());
    assertEquals(200, settings.session().rate());
    assertEquals(1_000, settings.session().burst());
    assertEquals(Duration.ofSeconds(25), settings.heartbeat().interval());
    assertEquals(Duration.ofSeconds(10), settings.heartbeat().timeout());
    assertTrue(settings.gate().guests());
  }

  @Test
  void theNearerSourceWins() throws IOException {
    String key = "switchboard.session.channels";
    Files.writeString(home.resolve("switchboard.properties"), key + "=1\n");
    assertEquals(1, load(Map.of()).session().maxChannels());
    assertEquals(2, load(Map.of(), Map.of(), Map.of(key, "2")).session().maxChannels());
    Map<String, String> environment = Map.of("SWITCHBOARD_SESSION_CHANNELS", "3");
    assertEquals(3, load(Map.of(), environment, Map.of(key, "2")).session().maxChannels());
    assertEquals(4, load(Map.of(key, "4"), environment, Map.of(key, "2")).session().maxChannels());
  }

  @Test
  void anEnvironmentVariableIsSpelledInCapitals() {
    assertEquals(
        "k", load(Map.of(), Map.of("SWITCHBOARD_API_KEY", "k"), Map.of()).apiKey().orElse(""));
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "25s, 25000", "2m, 120000", "PT3S, 3000", "1 h, 3600000"})
  void durationsHaveUnits(String text, long millis) {
    assertEquals(
        Duration.ofMillis(millis),
        load(Map.of("switchboard.drain-timeout", text)).drain().timeout());
  }

  @Test
  void aNodeLeavesNoSoonerThanItsClients() {
    DrainSettings usual = load(Map.of()).drain();
    assertEquals(Duration.ofSeconds(10), usual.window());
    assertEquals(Duration.ofSeconds(15), usual.timeout());
    DrainSettings hurried = load(Map.of("switchboard.drain-timeout", "3s")).drain();
    assertEquals(Duration.ofSeconds(3), hurried.window());
    BadSettings bad =
        assertThrows(
            BadSettings.class, () -> load(Map.of("switchboard.drain-window", "20s")).drain());
    assertTrue(
        String.valueOf(bad.getMessage())
            .contains(
                "switchboard.drain-timeout: expected at least switchboard.drain-window, got 15000"
                    + " ms"),
        bad::getMessage);
  }

  @ParameterizedTest
  @CsvSource({"4096, 4096", "64KiB, 65536", "1MiB, 1048576", "2048 B, 2048"})
  void sizesHaveUnits(String text, int bytes) {
    assertEquals(bytes, load(Map.of("switchboard.message.max-size", text)).session().maxMessage());
  }

  @Test
  void allMistakesAreToldTogether() throws IOException {
    Files.writeString(
        home.resolve("switchboard.properties"), "switchboard.gusets=true\nother.key=1\n");
    BadSettings bad =
        assertThrows(
            BadSettings.class,
            () ->
                load(
                    Map.of(
                        "switchboard.heartbeat.interval", "soon",
                        "switchboard.message.max-size", "1",
                        "switchboard.origins", "chat.example",
                        "switchboard.trusted-proxies", "127.0.0.1, proxy.example"),
                    Map.of("SWITCHBOARD_GUESTS", "maybe"),
                    Map.of("switchboard.session.rate", "-1")));
    String message = String.valueOf(bad.getMessage());
    for (String part :
        List.of(
            "7 settings are wrong",
            "switchboard.heartbeat.interval: expected a duration from 1s to 1h",
            "got \"soon\" (from the system property switchboard.heartbeat.interval)",
            "switchboard.message.max-size: expected a size from 1024 to 16777216 bytes",
            "switchboard.origins: expected * or a list of origins",
            "switchboard.trusted-proxies: expected a list of addresses and networks such as",
            "got \"127.0.0.1, proxy.example\" (from the system property",
            "switchboard.guests: expected true or false, got \"maybe\" (from the environment"
                + " variable SWITCHBOARD_GUESTS)",
            "switchboard.session.rate: expected a whole number from 1 to 1000000, got \"-1\" (from"
                + " the context parameters)",
            "switchboard.gusets: there is no such setting (in " + home)) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void aQueueMustHoldTheLargestMessages() {
    String key = "switchboard.session.queue-size";
    BadSettings bad = assertThrows(BadSettings.class, () -> load(Map.of(key, "16KiB")));
    assertTrue(String.valueOf(bad.getMessage()).contains(key), bad.getMessage());
    assertEquals(
        64 << 20, load(Map.of("switchboard.message.max-size", "16MiB")).session().queueBytes());
  }

  @Test
  void theLogIsKeptInAFileOfTheHomeUnlessASettingSaysOtherwise() {
    EngineSettings.Own file = (EngineSettings.Own) load(Map.of()).engine();
    assertEquals("jdbc:h2:file:" + home.resolve("switchboard"), file.settings().url());
    EngineSettings.Own postgres =
        (EngineSettings.Own)
            load(Map.of(
                    "switchboard.jdbc.url", "jdbc:postgresql://db/chat",
                    "switchboard.jdbc.user", "ann",
                    "switchboard.jdbc.password", "s3cret"))
                .engine();
    assertEquals("s3cret", postgres.settings().password());
    assertFalse(postgres.toString().contains("s3cret"), postgres.toString());
    EngineSettings.Container container =
        (EngineSettings.Container)
            load(Map.of("switchboard.jdbc.datasource", "jdbc/switchboard")).engine();
    assertEquals("jdbc/switchboard", container.name());
    assertTrue(
        load(Map.of("switchboard.engine", "memory")).engine() instanceof EngineSettings.Memory);
  }

  @Test
  void aDatabaseIsGivenOnceAndToldWithoutItsPassword() {
    BadSettings bad =
        assertThrows(
            BadSettings.class,
            () ->
                load(
                    Map.of(
                        "switchboard.engine", "redis",
                        "switchboard.jdbc.datasource", "jdbc/switchboard",
                        "switchboard.jdbc.password", "s3cret",
                        "switchboard.jdbc.pool-size", "2",
                        "switchboard.jdbc.url", "jdbc:postgresql://db/chat")));
    String message = String.valueOf(bad.getMessage());
    for (String part :
        List.of(
            "4 settings are wrong",
            "switchboard.engine: expected jdbc or memory, got \"redis\"",
            "switchboard.jdbc.url: expected nothing where switchboard.jdbc.datasource is given",
            "switchboard.jdbc.password: expected nothing where",
            "switchboard.jdbc.pool-size: expected a whole number from 3 to 1000")) {
      assertTrue(message.contains(part), message);
    }
    assertFalse(message.contains("s3cret"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://db/s3cret",
        "jdbc:mysql://db/s3cret",
        "jdbc:h2:mem:s3cret",
        "jdbc:h2:tcp://db/s3cret",
        "jdbc:postgresql://db:port/s3cret",
        "jdbc:postgresql://ann:s3cret@db/chat",
        "jdbc:postgresql://db/chat?user=ann&password=s3cret",
        "jdbc:h2:file:/x;PASSWORD=s3cret",
      })
  void aUrlThatIsWrongIsNotRepeated(String url) {
    BadSettings bad =
        assertThrows(BadSettings.class, () -> load(Map.of("switchboard.jdbc.url", url)));
    String message = String.valueOf(bad.getMessage());
    assertTrue(message.contains("switchboard.jdbc.url: expected "), message);
    assertFalse(message.contains("s3cret"), message);
  }

  @Test
  void theLabIsOnWhereGuestsAreLetInUnlessASettingSaysOtherwise() {
    assertTrue(load(Map.of()).lab());
    assertFalse(load(Map.of("switchboard.guests", "false")).lab());
    assertTrue(load(Map.of("switchboard.guests", "false", "switchboard.lab", "true")).lab());
    Settings off = load(Map.of("switchboard.lab", "false"));
    assertFalse(off.lab());
    assertFalse(off.namespaces().stream().anyMatch(one -> one.name().equals("lab")));
  }

  @Test
  void theNamespaceOfTheLabIsItsOwn() {
    String key = "switchboard.namespace.lab.presence";
    BadSettings bad = assertThrows(BadSettings.class, () -> load(Map.of(key, "true")));
    assertTrue(
        String.valueOf(bad.getMessage()).contains("switchboard.namespace.lab: expected another"),
        bad.getMessage());
    assertTrue(
        load(Map.of(key, "true", "switchboard.lab", "false")).namespaces().stream()
            .anyMatch(one -> one.name().equals("lab") && one.presence()));
  }

  @Test
  void everySettingStandsInTheTableOfTheReadme() throws IOException {
    Pattern row = Pattern.compile("^\\| `(switchboard\\.[a-z.<>-]+)` \\|", Pattern.MULTILINE);
    Matcher rows = row.matcher(Files.readString(Path.of("README.md")));
    List<String> documented = rows.results().map(r -> r.group(1)).sorted().toList();
    SettingsReader reader = new SettingsReader(key -> java.util.Optional.empty(), Set.of());
    SettingsLoader.read(reader, home);
    List<String> known =
        java.util.stream.Stream.concat(
                reader.keys().stream(),
                java.util.stream.Stream.concat(
                    SettingsLoader.STANDALONE.stream(), List.of("switchboard.home").stream()))
            .map(key -> key.replaceFirst("(\\.namespace\\.)[a-z]+", "$1<name>"))
            .distinct()
            .sorted()
            .collect(Collectors.toList());
    assertEquals(known, documented);
  }

  @Test
  void theApiKeyIsMadeOnceAndForItsOwnerOnly() throws IOException {
    Path fresh = home.resolve("a/b");
    String key = Home.apiKey(fresh, new Random(1));
    assertTrue(key.matches("sb_[0-9a-f]{48}"), key);
    assertEquals(key, Home.apiKey(fresh, new Random(2)));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh.resolve("api-key"))));
  }

  @Test
  void aHomeThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "");
    Exception e =
        assertThrows(RuntimeException.class, () -> Home.apiKey(file.resolve("x"), new Random(1)));
    assertTrue(String.valueOf(e.getMessage()).contains(file.toString()), e.getMessage());
    Files.writeString(home.resolve("api-key"), "\n");
    assertThrows(RuntimeException.class, () -> Home.apiKey(home, new Random(1)));
  }
}
