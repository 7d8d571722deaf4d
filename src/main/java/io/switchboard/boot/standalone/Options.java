package io.switchboard.boot.standalone;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator asked of {@code java -jar}, checked and normalised.
 *
 * @param port TCP port to listen on, 0 to 65535; 0 lets the system pick a free one
 * @param host address or host name to bind; {@value #ALL_INTERFACES} means every interface, IPv6
 *     included
 * @param contextPath as the servlet specification writes it: empty for the root, else {@code /name}
 * @param home the settings and data folder, when given; otherwise the application decides
 * @param logFormat how lines of the log are written
 * @param verbose whether the server's own log lines and stack traces are shown
 */
public record Options(
    int port,
    String host,
    String contextPath,
    Optional<String> home,
    ConsoleLog.Format logFormat,
    boolean verbose) {

  static final String ALL_INTERFACES = "0.0.0.0";

  private static final Pattern CONTEXT = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*");
  private static final Pattern KEY_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern SCOPES =
      Pattern.compile("(publish|read|admin)(,(publish|read|admin))*");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+|\\[[0-9A-Fa-f.:%]+]");

  /** The outcome of reading a command line. */
  sealed interface Request {}

  /** Serve with these options. */
  record Serve(Options options) implements Request {}

  /**
   * Make a key of the server API, print it and end.
   *
   * @param home as of the options
   * @param scopes as they stand in the file of keys
   */
  record MakeApiKey(Optional<String> home, String name, String scopes) implements Request {}

  /** Print the help text and end. */
  record ShowHelp() implements Request {}

  /** Print the version and end. */
  record ShowVersion() implements Request {}

  /** Nothing can be started; every mistake found, one line each. */
  record Refused(List<String> mistakes) implements Request {
    Refused {
      mistakes = List.copyOf(mistakes);
    }
  }

  /** An option that takes a value, and the two other places it may be set. */
  private enum Setting {
    PORT("--port", "8080", "a number from 0 to 65535 (0 picks a free port)"),
    HOST("--host", ALL_INTERFACES, "an address or host name of this machine"),
    CONTEXT("--context", "/", "a path such as / or /switchboard (letters, digits, . _ ~ -)"),
    HOME("--home", "", "a folder"),
    NEW_API_KEY(
        "--new-api-key", "", "a name of 1 to 64 letters, digits, dots, dashes and underscores"),
    SCOPES("--scopes", "", "a list of publish, read and admin, such as publish,read"),
    LOG_FORMAT("--log-format", "text", "text or json");

    private final String option;
    private final String fallback;
    private final String accepted;

    Setting(String option, String fallback, String accepted) {
      this.option = option;
      this.fallback = fallback;
      this.accepted = accepted;
    }

    private String property() {
      return "switchboard." + option.substring(2).replace('-', '.');
    }

    private String variable() {
      return property().replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Returns whether it may be set elsewhere than on the command line. */
    private boolean isLasting() {
      return this != NEW_API_KEY && this != SCOPES;
    }

    private static Optional<Setting> of(String option) {
      return Stream.of(values()).filter(s -> s.option.equals(option)).findFirst();
    }
  }

  /** A value and the name under which it was given, for messages. */
  private record Given(String value, String source) {
    private String mistake(Setting setting) {
      return "%s is \"%s\", but must be %s".formatted(source, value, setting.accepted);
    }
  }

  /**
   * Reads the command line, then system properties, then the environment; the first that gives a
   * setting wins. A variable or property that is empty counts as not set.
   *
   * @param properties system properties by name, empty when not set
   */
  static Request parse(
      List<String> arguments,
      Map<String, String> environment,
      Function<String, Optional<String>> properties) {
    List<String> mistakes = new ArrayList<>();
    var given = new EnumMap<Setting, Given>(Setting.class);
    boolean verbose = false;

    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String name = equals < 0 ? argument : argument.substring(0, equals);
      Optional<Setting> setting = Setting.of(name);
      if (setting.isPresent()) {
        boolean inNext = equals < 0 && takesNext(arguments, i);
        String value =
            inNext ? arguments.get(++i) : equals < 0 ? "" : argument.substring(equals + 1);
        if (value.isBlank()) {
          mistakes.add("%s needs a value: %s".formatted(name, setting.get().accepted));
        }
        given.put(setting.get(), new Given(value, name));
      } else if (argument.equals("--help") || argument.equals("-h")) {
        return new ShowHelp();
      } else if (argument.equals("--version")) {
        return new ShowVersion();
      } else if (argument.equals("--verbose")) {
        verbose = true;
      } else {
        mistakes.add(unknown(argument, name));
        if (equals < 0 && argument.startsWith("--") && takesNext(arguments, i)) {
          i++; // most likely its value: one mistake, one line
        }
      }
    }

    for (Setting setting : Setting.values()) {
      Optional.of(setting)
          .filter(Setting::isLasting)
          .flatMap(lasting -> elsewhere(lasting, environment, properties))
          .ifPresent(found -> given.putIfAbsent(setting, found));
      given.putIfAbsent(setting, new Given(setting.fallback, setting.option));
    }
    return checked(given, verbose, mistakes);
  }

  private static boolean takesNext(List<String> arguments, int i) {
    return i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
  }

  private static Optional<Given> elsewhere(
      Setting setting,
      Map<String, String> environment,
      Function<String, Optional<String>> properties) {
    Optional<Given> property =
        properties.apply(setting.property()).map(v -> new Given(v, setting.property()));
    Optional<Given> variable =
        Optional.ofNullable(environment.get(setting.variable()))
            .map(v -> new Given(v, setting.variable()));
    return Stream.of(property, variable)
        .flatMap(Optional::stream)
        .filter(found -> !found.value.isBlank())
        .findFirst();
  }

  private static Request checked(
      Map<Setting, Given> given, boolean verbose, List<String> mistakes) {
    int port = 0;
    for (Setting setting : Setting.values()) {
      Given found = given.get(setting);
      if (found == null || found.value.isBlank()) {
        continue; // a missing value has been reported; an absent home is fine
      }
      boolean valid =
          switch (setting) {
            case PORT -> (port = portNumber(found.value.strip())) >= 0;
            case HOST -> HOST.matcher(found.value.strip()).matches();
            case CONTEXT -> CONTEXT.matcher(contextPath(found.value)).matches();
            case HOME -> found.value.indexOf('\0') < 0;
            case NEW_API_KEY -> KEY_NAME.matcher(found.value.strip()).matches();
            case SCOPES -> SCOPES.matcher(found.value.strip()).matches();
            case LOG_FORMAT -> logFormat(found.value).isPresent();
          };
      if (!valid) {
        mistakes.add(found.mistake(setting));
      }
    }
    String key = value(given, Setting.NEW_API_KEY).strip();
    String scopes = value(given, Setting.SCOPES).strip();
    if (mistakes.isEmpty() && key.isEmpty() != scopes.isEmpty()) {
      mistakes.add("--new-api-key and --scopes need each other: " + Setting.SCOPES.accepted);
    }
    if (key.equals("default")) {
      mistakes.add("--new-api-key default is the key of the file api-key; give another name");
    }
    if (!mistakes.isEmpty()) {
      return new Refused(mistakes);
    }
    Optional<String> home =
        Optional.of(value(given, Setting.HOME)).filter(folder -> !folder.isBlank());
    return key.isEmpty()
        ? new Serve(
            new Options(
                port,
                value(given, Setting.HOST).strip(),
                contextPath(value(given, Setting.CONTEXT)),
                home,
                logFormat(value(given, Setting.LOG_FORMAT)).orElseThrow(),
                verbose))
        : new MakeApiKey(home, key, scopes);
  }

  private static Optional<ConsoleLog.Format> logFormat(String text) {
    return Stream.of(ConsoleLog.Format.values())
        .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(text.strip()))
        .findFirst();
  }

  private static String value(Map<Setting, Given> given, Setting setting) {
    Given found = given.get(setting);
    return found == null ? setting.fallback : found.value;
  }

  /** Returns the port, or -1 when the text is not one. */
  private static int portNumber(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return -1;
    }
    int port = Integer.parseInt(text);
    return port <= 65_535 ? port : -1;
  }

  private static String contextPath(String text) {
    String path = text.strip();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return path.isEmpty() || path.startsWith("/") ? path : "/" + path;
  }

  private static String unknown(String argument, String name) {
    String known =
        Stream.concat(
                Stream.of(Setting.values()).map(setting -> setting.option),
                Stream.of("--verbose", "--help", "--version"))
            .collect(Collectors.joining(", "));
    boolean flag = name.equals("--verbose") || name.equals("--help") || name.equals("--version");
    if (flag) {
      return "%s takes no value, but was given as \"%s\"".formatted(name, argument);
    }
    return "%s \"%s\"; accepted are %s"
        .formatted(
            argument.startsWith("-") ? "unknown option" : "unexpected argument", name, known);
  }

  /** The text of {@code --help}, without a line end. */
  static String help() {
    return """
    Usage: java -jar switchboard.war [options]

    Serves Switchboard with the Tomcat inside the WAR until Ctrl-C.

      --port N        listen on this TCP port; 0 picks a free one       (default 8080)
      --host ADDR     listen on this address or host name only;
                      0.0.0.0 means every interface, IPv6 included      (default 0.0.0.0)
      --context PATH  serve under this path, e.g. /switchboard          (default /)
      --home DIR      folder of settings and data                       (default ~/.switchboard)
      --new-api-key NAME --scopes LIST
                      make a key of the server API that may do what LIST says (publish, read,
                      admin, with commas between), print it and end; servers of that home, also
                      those inside an application server, take it within seconds
      --log-format F  text, or json: one JSON object a line             (default text)
      --verbose       show the server's own log lines, and stack traces when it cannot start
      --help, -h      print this and end
      --version       print the version and end

    "--option value" and "--option=value" are the same; the last of several wins. Instead of
    an option, a system property (-Dswitchboard.port=N, .host, .context, .home, .log.format)
    or an environment variable (SWITCHBOARD_PORT, _HOST, _CONTEXT, _HOME, _LOG_FORMAT) may be
    set; the option wins over the property, the property over the variable. Everything else
    is configured as in an application server, see the README.

    Ctrl-C and SIGTERM stop it gently: no new connections, sessions told to come back later,
    15 seconds at most (switchboard.drain-timeout). Exit status: 0 after --help, --version
    and --new-api-key, 2 when it cannot start, 130 after Ctrl-C, 143 after SIGTERM.\
    """;
  }
}
