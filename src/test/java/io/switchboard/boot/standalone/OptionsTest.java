package io.switchboard.boot.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  @Test
  void nothingGivenIsPort8080OnEveryInterfaceAtTheRoot() {
    assertEquals(
        new Options(8080, "0.0.0.0", "", Optional.empty(), ConsoleLog.Format.TEXT, false),
        served());
  }

  @Test
  void valuesFollowTheirOptionOrAnEqualsSign() {
    Options expected =
        new Options(9000, "::1", "/chat", Optional.of("/srv/sb"), ConsoleLog.Format.JSON, true);

    assertEquals(
        expected,
        served(
            "--port",
            "9000",
            "--host",
            "::1",
            "--context",
            "/chat",
            "--home",
            "/srv/sb",
            "--log-format",
            "json",
            "--verbose"));
    assertEquals(
        expected,
        served(
            "--verbose",
            "--port=9000",
            "--host=::1",
            "--context=/chat",
            "--home=/srv/sb",
            "--log-format=json"));
  }

  @Test
  void commandLineBeatsPropertyBeatsEnvironment() {
    Map<String, String> environment =
        Map.of("SWITCHBOARD_PORT", "1", "SWITCHBOARD_HOST", "a", "SWITCHBOARD_CONTEXT", "x");
    Map<String, String> properties = Map.of("switchboard.port", "2", "switchboard.host", "b");

    Options options =
        assertInstanceOf(
                Options.Serve.class, parse(environment, properties, List.of("--port", "3")))
            .options();

    assertEquals(3, options.port());
    assertEquals("b", options.host());
    assertEquals("/x", options.contextPath());
  }

  @Test
  void anEmptyVariableIsNotSet() {
    Options.Request request = parse(Map.of("SWITCHBOARD_PORT", " "), Map.of(), List.of());

    assertEquals(8080, assertInstanceOf(Options.Serve.class, request).options().port());
  }

  @Test
  void theLastOfSeveralWins() {
    assertEquals(2, served("--port", "1", "--port=2").port());
  }

  @ParameterizedTest
  @CsvSource({
    "/, ''",
    "//, ''",
    "switchboard, /switchboard",
    "/switchboard, /switchboard",
    "/switchboard/, /switchboard",
    "a/b, /a/b",
    "/v1.2_x~y-z, /v1.2_x~y-z",
  })
  void contextIsNormalised(String given, String expected) {
    assertEquals(expected, served("--context", given).contextPath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "/a//b", "/..", "/a/../b", "/a?b", "/a#b", "/%61", "/ä", "/.git"})
  void contextIsChecked(String given) {
    assertEquals(
        List.of(
            "--context is \""
                + given
                + "\", but must be a path such as / or /switchboard (letters, digits, . _ ~ -)"),
        refused("--context", given));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "65536", "99999999999", "80.5", "0x50", "٣"})
  void portIsChecked(String given) {
    assertEquals(
        List.of(
            "--port is \""
                + given
                + "\", but must be a number from 0 to 65535 (0 picks a free port)"),
        refused("--port", given));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "http://a", "a/b", "[::1"})
  void hostIsChecked(String given) {
    assertEquals(
        List.of("--host is \"" + given + "\", but must be an address or host name of this machine"),
        refused("--host", given));
  }

  @Test
  void aMistakeNamesWhereTheValueCameFrom() {
    Options.Request request =
        parse(Map.of("SWITCHBOARD_CONTEXT", "a b"), Map.of("switchboard.port", "many"), List.of());

    List<String> mistakes = assertInstanceOf(Options.Refused.class, request).mistakes();
    assertEquals(2, mistakes.size());
    assertTrue(mistakes.get(0).startsWith("switchboard.port is \"many\""), mistakes.get(0));
    assertTrue(mistakes.get(1).startsWith("SWITCHBOARD_CONTEXT is \"a b\""), mistakes.get(1));
  }

  @Test
  void everyMistakeIsReportedOnce() {
    List<String> mistakes =
        refused(
            "--prot", "1", "8080", "--verbose=yes", "--home", "--port=x", "--host", "--context");

    assertEquals(7, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.get(0).startsWith("unknown option \"--prot\"; accepted are --port,"));
    assertTrue(mistakes.get(1).startsWith("unexpected argument \"8080\""));
    assertEquals("--verbose takes no value, but was given as \"--verbose=yes\"", mistakes.get(2));
    assertEquals("--home needs a value: a folder", mistakes.get(3));
    assertTrue(mistakes.get(4).startsWith("--host needs a value: "));
    assertTrue(mistakes.get(5).startsWith("--context needs a value: "));
    assertTrue(mistakes.get(6).startsWith("--port is \"x\""));
  }

  @Test
  void helpAndVersionWinOverMistakes() {
    assertInstanceOf(Options.ShowHelp.class, parse("--port", "x", "--help"));
    assertInstanceOf(Options.ShowHelp.class, parse("-h"));
    assertInstanceOf(Options.ShowVersion.class, parse("--nonsense", "--version"));
  }

  @Test
  void helpNamesEveryOption() {
    for (String option :
        List.of("--port", "--host", "--context", "--home", "--verbose", "--help", "--version")) {
      assertTrue(Options.help().contains("  " + option), option);
    }
  }

  private static Options served(String... arguments) {
    return assertInstanceOf(Options.Serve.class, parse(arguments)).options();
  }

  private static List<String> refused(String... arguments) {
    return assertInstanceOf(Options.Refused.class, parse(arguments)).mistakes();
  }

  private static Options.Request parse(String... arguments) {
    return parse(Map.of(), Map.of(), List.of(arguments));
  }

  private static Options.Request parse(
      Map<String, String> environment, Map<String, String> properties, List<String> arguments) {
    return Options.parse(arguments, environment, name -> Optional.ofNullable(properties.get(name)));
  }

  @Test
  void aFormatThatIsNoneIsRefused() {
    Options.Request request = parse(Map.of("SWITCHBOARD_LOG_FORMAT", "xml"), Map.of(), List.of());
    assertEquals(
        List.of("SWITCHBOARD_LOG_FORMAT is \"xml\", but must be text or json"),
        assertInstanceOf(Options.Refused.class, request).mistakes());
  }
}
