package io.switchboard.boot;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import io.switchboard.admission.GateSettings;
import io.switchboard.admission.TrustedProxies;
import io.switchboard.api.ApiSettings;
import io.switchboard.auth.OriginPolicy;
import io.switchboard.auth.jwt.JwtSettings;
import io.switchboard.boot.SettingsReader.Name;
import io.switchboard.boot.SettingsReader.Value;
import io.switchboard.channel.Namespace;
import io.switchboard.engine.memory.MemorySettings;
import io.switchboard.http.RequestSettings;
import io.switchboard.lab.Lab;
import io.switchboard.ops.NodeReport;
import io.switchboard.session.DrainSettings;
import io.switchboard.session.HeartbeatSettings;
import io.switchboard.session.SessionSettings;
import io.switchboard.transport.http.HttpSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Finds the settings: system properties first, then the environment, then the WAR's context
 * parameters, then {@code switchboard.properties} in the home folder, then the defaults.
 */
final class SettingsLoader {
  /** The properties file in the home folder. */
  static final String FILE = "switchboard.properties";

  /** Precedence of the sources, as MicroProfile Config counts it: the larger one wins. */
  static final int SYSTEM = 400;

  static final int ENVIRONMENT = 300;
  static final int CONTEXT = 200;
  private static final int IN_FILE = 100;

  private static final String CONTEXT_NAME = "the context parameters";
  private static final String PREFIX = "switchboard.";

  /** A queue must hold so many of the largest messages, or a healthy reader would be given up. */
  private static final int QUEUED_MESSAGES = 4;

  /** All queues together may take this part of the heap, unless a setting says otherwise. */
  private static final int HEAP_PART = 4;

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /** Settings of the stand-alone server, which reads them itself. */
  static final List<String> STANDALONE =
      List.of(
          "switchboard.port", "switchboard.host", "switchboard.context", "switchboard.log.format");

  /** Some settings are wrong; the message tells all of them. */
  static final class BadSettings extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadSettings(List<String> mistakes) {
      super(
          "Switchboard cannot start, %d setting%s wrong:%n  %s"
              .formatted(
                  mistakes.size(),
                  mistakes.size() == 1 ? " is" : "s are",
                  String.join(System.lineSeparator() + "  ", mistakes)));
    }
  }

  private SettingsLoader() {}

  /**
   * Reads and checks everything.
   *
   * @param contextParameters what the deployment descriptor or the server's configuration of this
   *     WAR says
   * @throws BadSettings naming each wrong setting and what it accepts
   */
  static Settings load(Map<String, String> contextParameters) {
    return load(
        List.of(
            new SysPropConfigSource(),
            new EnvConfigSource(System.getenv(), ENVIRONMENT),
            new PropertiesConfigSource(contextParameters, CONTEXT_NAME, CONTEXT)),
        contextParameters);
  }

  static Settings load(List<ConfigSource> sources, Map<String, String> contextParameters) {
    SettingsReader first = reader(sources);
    Path home =
        first.path("switchboard.home", Path.of(System.getProperty("user.home"), ".switchboard"));
    List<String> mistakes = new ArrayList<>(first.mistakes());
    Map<String, String> file = readFile(home.resolve(FILE), mistakes);
    List<ConfigSource> all = new ArrayList<>(sources);
    all.add(new PropertiesConfigSource(file, FILE, IN_FILE));
    SettingsReader reader = reader(all);
    Settings settings = read(reader, home);
    mistakes.addAll(reader.mistakes());
    refuseUnknown(reader, file, home.resolve(FILE).toString(), mistakes);
    refuseUnknown(reader, contextParameters, CONTEXT_NAME, mistakes);
    if (!mistakes.isEmpty()) {
      throw new BadSettings(mistakes);
    }
    return settings;
  }

  static Settings read(SettingsReader reader, Path home) {
    int maxMessage = (int) reader.size("switchboard.message.max-size", 64 * KIB, KIB, 16L * MIB);
    int burst = reader.integer("switchboard.session.burst", 1_000, 1, 1_000_000);
    Duration hour = Duration.ofHours(1);
    HeartbeatSettings heartbeat = heartbeat(reader);
    Optional<JwtSettings> jwt = JwtSettingsReader.read(reader);
    boolean guests = reader.bool("switchboard.guests", jwt.isEmpty());
    boolean lab = reader.bool("switchboard.lab", guests);
    return new Settings(
        home,
        reader.string("switchboard.api-key"),
        new GateSettings(
            origins(reader),
            guests,
            reader.integer("switchboard.connections.max", 50_000, 1, 10_000_000),
            reader.integer("switchboard.connections.per-address", 20_000, 1, 10_000_000),
            reader.integer("switchboard.handshakes.rate", 500, 1, 1_000_000),
            reader.integer("switchboard.handshakes.burst", 5_000, 1, 1_000_000),
            proxies(reader),
            roles(reader)),
        jwt,
        new SessionSettings(
            maxMessage,
            reader.integer("switchboard.session.channels", 128, 1, 100_000),
            reader.integer("switchboard.session.rate", 200, 1, 1_000_000),
            burst,
            queueSize(reader, maxMessage),
            reader.duration(
                "switchboard.session.write-timeout",
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                hour),
            reader.integer("switchboard.session.refused-subscriptions", 200, 10, 1_000_000),
            reader.integer("switchboard.sessions.per-user", 1_000, 1, 10_000_000)),
        heartbeat,
        http(reader, heartbeat.interval()),
        new ApiSettings(
            reader.integer("switchboard.wrong-keys.rate", 10, 1, 1_000_000),
            reader.integer("switchboard.wrong-keys.burst", 100, 1, 1_000_000),
            (int) reader.size("switchboard.api.body-size", MIB, KIB, 64L * MIB)),
        new RequestSettings(
            reader.duration(
                "switchboard.http.request-timeout",
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Duration.ofMinutes(10))),
        EngineSettingsReader.read(reader, home),
        new MemorySettings(
            reader.size("switchboard.memory.max-size", 64L * MIB, MIB, Long.MAX_VALUE),
            reader.integer("switchboard.memory.channels", 10_000, 1, 10_000_000)),
        namespaces(reader, lab),
        reader.size(
            "switchboard.queues.max-size",
            Math.max(MIB, Runtime.getRuntime().maxMemory() / HEAP_PART),
            MIB,
            Long.MAX_VALUE),
        reader.duration(
            "switchboard.presence.grace",
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofMinutes(10)),
        lab,
        OpsSettings.read(reader),
        drain(reader));
  }

  /** Whoever sets only one of the two need not know of the other. */
  private static DrainSettings drain(SettingsReader reader) {
    String key = "switchboard.drain-timeout";
    Duration usual = Duration.ofSeconds(10);
    Duration hour = Duration.ofHours(1);
    Duration timeout = reader.duration(key, usual.plusSeconds(5), Duration.ZERO, hour);
    Duration window =
        reader.duration(
            "switchboard.drain-window",
            usual.compareTo(timeout) < 0 ? usual : timeout,
            Duration.ZERO,
            hour);
    if (timeout.compareTo(window) < 0) {
      reader.mistake(
          key,
          "expected at least switchboard.drain-window, got %d ms".formatted(timeout.toMillis()));
      timeout = window;
    }
    return new DrainSettings(window, timeout);
  }

  /** A session over HTTP shows its life by requests, which follow a heartbeat at the latest. */
  private static HttpSettings http(SettingsReader reader, Duration heartbeat) {
    String key = "switchboard.http.timeout";
    Duration shortest = heartbeat.plusSeconds(1);
    Duration usual = Duration.ofSeconds(60);
    Duration timeout =
        reader.duration(
            key,
            usual.compareTo(shortest) < 0 ? heartbeat.plus(usual) : usual,
            Duration.ofSeconds(2),
            Duration.ofHours(2));
    if (timeout.compareTo(shortest) < 0) {
      reader.mistake(
          key,
          "expected at least a second more than switchboard.heartbeat.interval, got %d ms"
              .formatted(timeout.toMillis()));
    }
    return new HttpSettings(timeout);
  }

  private static HeartbeatSettings heartbeat(SettingsReader reader) {
    Duration second = Duration.ofSeconds(1);
    Duration hour = Duration.ofHours(1);
    return new HeartbeatSettings(
        reader.duration("switchboard.heartbeat.interval", Duration.ofSeconds(25), second, hour),
        reader.duration("switchboard.heartbeat.timeout", Duration.ofSeconds(10), second, hour));
  }

  /**
   * The pages for operators and learners have namespaces of their own, which no setting changes.
   */
  private static List<Namespace> namespaces(SettingsReader reader, boolean lab) {
    List<Namespace> all = NamespaceSettings.read(reader);
    List<Namespace> more = new ArrayList<>(all);
    if (all.stream().anyMatch(namespace -> namespace.name().equals(NodeReport.NAMESPACE))) {
      reader.mistake(
          NamespaceSettings.PREFIX + NodeReport.NAMESPACE,
          "expected another name: the admin page has this one");
    }
    more.add(NodeReport.namespace());
    if (!lab) {
      return more;
    }
    if (all.stream().anyMatch(namespace -> namespace.name().equals(Lab.NAMESPACE))) {
      reader.mistake(
          NamespaceSettings.PREFIX + Lab.NAMESPACE,
          "expected another name, or switchboard.lab=false: the lab page has this one");
    }
    more.add(Lab.namespace());
    return more;
  }

  private static int queueSize(SettingsReader reader, int maxMessage) {
    String key = "switchboard.session.queue-size";
    long smallest = (long) QUEUED_MESSAGES * maxMessage;
    long size = reader.size(key, Math.max(MIB, smallest), KIB, 1024L * MIB);
    if (size < smallest) {
      reader.mistake(
          key,
          "expected at least %d times switchboard.message.max-size, which is %d bytes, got %d"
              .formatted(QUEUED_MESSAGES, smallest, size));
    }
    return (int) size;
  }

  private static OriginPolicy origins(SettingsReader reader) {
    return reader.read(
        "switchboard.origins",
        new OriginPolicy(List.of()),
        "* or a list of origins such as https://chat.example,https://chat.example:8443",
        text -> made(text, OriginPolicy::new));
  }

  private static List<String> roles(SettingsReader reader) {
    return reader.read(
        "switchboard.roles",
        List.of(),
        "a list of names such as admin,support",
        text -> made(text, List::copyOf).filter(list -> list.stream().noneMatch(String::isEmpty)));
  }

  private static TrustedProxies proxies(SettingsReader reader) {
    return reader.read(
        "switchboard.trusted-proxies",
        new TrustedProxies(List.of()),
        "a list of addresses and networks such as 10.0.0.5,192.168.0.0/16,fd00::/8",
        text -> made(text, TrustedProxies::new));
  }

  /** Makes something of the entries of a list; nothing if it does not like one of them. */
  private static <T> Optional<T> made(String text, Function<List<String>, T> maker) {
    try {
      return Optional.of(
          maker.apply(List.of(text.split(",", -1)).stream().map(String::strip).toList()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static SettingsReader reader(List<ConfigSource> sources) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder().withSources(sources.toArray(ConfigSource[]::new)).build();
    return new SettingsReader(
        key -> {
          ConfigValue value = config.getConfigValue(key);
          return Optional.ofNullable(value.getValue())
              .map(text -> new Value(text, source(value.getSourceOrdinal(), key)));
        },
        given(sources));
  }

  private static Set<Name> given(List<ConfigSource> sources) {
    Set<Name> given = new HashSet<>();
    for (ConfigSource source : sources) {
      boolean inEnvironment = source.getOrdinal() == ENVIRONMENT;
      source.getPropertyNames().forEach(name -> given.add(new Name(name, inEnvironment)));
    }
    return given;
  }

  private static String source(int ordinal, String key) {
    return switch (ordinal) {
      case SYSTEM -> "the system property " + key;
      case ENVIRONMENT ->
          "the environment variable " + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
      case CONTEXT -> CONTEXT_NAME;
      default -> FILE;
    };
  }

  private static Map<String, String> readFile(Path file, List<String> mistakes) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      mistakes.add("%s: cannot be read: %s".formatted(file, e.getMessage()));
    }
    Map<String, String> result = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> result.put(key, properties.getProperty(key)));
    return result;
  }

  private static void refuseUnknown(
      SettingsReader reader, Map<String, String> given, String source, List<String> mistakes) {
    given.keySet().stream()
        .filter(key -> key.startsWith(PREFIX))
        .filter(key -> !reader.keys().contains(key) && !key.equals("switchboard.home"))
        .filter(key -> !STANDALONE.contains(key))
        .filter(key -> !key.startsWith(NamespaceSettings.PREFIX)) // told where they are read
        .sorted()
        .forEach(
            key -> mistakes.add("%s: there is no such setting (in %s)".formatted(key, source)));
  }
}
