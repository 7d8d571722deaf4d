package io.switchboard.boot;

import io.switchboard.engine.jdbc.JdbcSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads which engine keeps the log, and its settings. What belongs to the other is checked too. */
final class EngineSettingsReader {
  private static final long MIB = 1024 * 1024;
  private static final String URL = "switchboard.jdbc.url";
  private static final String USER = "switchboard.jdbc.user";
  private static final String PASSWORD = "switchboard.jdbc.password";
  private static final String DATASOURCE = "switchboard.jdbc.datasource";

  private static final Pattern JNDI_NAME = Pattern.compile("(java:[a-z]+/)?[\\w./-]+");

  /** So many publications may wait; each takes some memory besides its bytes. */
  private static final int MAX_WAITING = 50_000;

  private EngineSettingsReader() {}

  static EngineSettings read(SettingsReader reader, Path home) {
    boolean durable =
        reader.read(
            "switchboard.engine",
            true,
            "jdbc or memory",
            text ->
                switch (text) {
                  case "jdbc" -> Optional.of(true);
                  case "memory" -> Optional.of(false);
                  default -> Optional.empty();
                });
    EngineSettings jdbc = jdbc(reader, home, durable);
    return durable ? jdbc : new EngineSettings.Memory();
  }

  private static EngineSettings jdbc(SettingsReader reader, Path home, boolean durable) {
    Optional<String> url = reader.string(URL);
    Optional<String> user = reader.string(USER);
    Optional<String> password = reader.string(PASSWORD);
    Optional<String> name =
        reader.read(
            DATASOURCE,
            Optional.empty(),
            "a JNDI name such as jdbc/switchboard",
            text ->
                JNDI_NAME.matcher(text).matches()
                    ? Optional.of(Optional.of(text))
                    : Optional.empty());
    int poolSize = reader.integer("switchboard.jdbc.pool-size", 8, 3, 1_000);
    JdbcSettings.Backlog backlog =
        new JdbcSettings.Backlog(
            MAX_WAITING,
            reader.size("switchboard.jdbc.backlog-size", 64 * MIB, MIB, Long.MAX_VALUE));
    if (name.isPresent()) {
      for (String other : List.of(URL, USER, PASSWORD)) {
        if (reader.string(other).isPresent()) {
          reader.mistake(other, "expected nothing where %s is given".formatted(DATASOURCE));
        }
      }
      return new EngineSettings.Container(name.get(), poolSize, backlog);
    }
    return new EngineSettings.Own(
        new JdbcSettings(
            url.isPresent() ? checked(reader, url.get()) : file(reader, home, durable),
            user.orElse(""),
            password.orElse(""),
            poolSize,
            backlog));
  }

  /** The value itself is told to nobody: it may hold a password. */
  private static String checked(SettingsReader reader, String url) {
    try {
      return JdbcSettings.checkUrl(url);
    } catch (IllegalArgumentException e) {
      reader.mistake(URL, String.valueOf(e.getMessage()));
      return "jdbc:h2:file:unused"; // a mistake stops the start
    }
  }

  private static String file(SettingsReader reader, Path home, boolean durable) {
    String url = "jdbc:h2:file:" + home.resolve("switchboard");
    if (durable && url.contains(";")) { // where H2 takes the options of a URL to begin
      reader.mistake("switchboard.home", "expected a folder without \";\", or " + URL);
    }
    return url;
  }
}
