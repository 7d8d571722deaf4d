package io.switchboard.boot;

import io.switchboard.boot.SettingsReader.Name;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import io.switchboard.channel.Namespace.Deliver;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads {@code switchboard.namespace.<name>.<what>}, which changes a namespace that is shipped or
 * adds one.
 *
 * <p>A name holds no underscore, so that a variable of the environment, where dots and dashes are
 * underscores, has one meaning: what stands before the last known word is the name.
 */
final class NamespaceSettings {
  static final String PREFIX = "switchboard.namespace.";
  private static final String VARIABLE_PREFIX = "SWITCHBOARD_NAMESPACE_";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final int MAX_NAME = 64;

  /** No two of them can stand at the end of one variable. */
  private static final List<String> KNOWN =
      List.of(
          "subscribe",
          "publish",
          "history-access",
          "presence-access",
          "history-size",
          "history-age",
          "durable",
          "presence",
          "deliver",
          "publish-rate",
          "channel-rate");

  private final SettingsReader reader;

  private NamespaceSettings(SettingsReader reader) {
    this.reader = reader;
  }

  /** Returns the shipped namespaces and those that settings add. */
  static List<Namespace> read(SettingsReader reader) {
    Map<String, Namespace> all = new LinkedHashMap<>();
    Namespace.SHIPPED.forEach(shipped -> all.put(shipped.name(), shipped));
    NamespaceSettings settings = new NamespaceSettings(reader);
    reader.given().stream()
        .sorted(Comparator.comparing(Name::text))
        .forEach(
            given ->
                settings
                    .namespace(given)
                    .ifPresent(name -> all.putIfAbsent(name, Namespace.standard(name))));
    return all.values().stream().map(settings::read).toList();
  }

  /** Returns the namespace that a setting is about; notes what is wrong with its name. */
  private Optional<String> namespace(Name given) {
    String text = given.text();
    if (given.inEnvironment()) { // which also lists guesses with dots
      return text.startsWith(VARIABLE_PREFIX)
          ? namespace(text, text.substring(VARIABLE_PREFIX.length()).replace('_', '-'), "-")
          : Optional.empty();
    }
    return text.startsWith(PREFIX)
        ? namespace(text, text.substring(PREFIX.length()), ".")
        : Optional.empty();
  }

  private Optional<String> namespace(String given, String rest, String separator) {
    boolean variable = separator.equals("-");
    String folded = variable ? rest.toLowerCase(Locale.ROOT) : rest;
    Optional<String> what =
        KNOWN.stream().filter(known -> folded.endsWith(separator + known)).findFirst();
    if (what.isEmpty()) {
      reader.mistake(
          given,
          "there is no such setting; a namespace has "
              + KNOWN.stream()
                  .map(known -> variable ? variable(known) : known)
                  .collect(Collectors.joining(", ")));
      return Optional.empty();
    }
    String name = folded.substring(0, folded.length() - what.get().length() - 1);
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      reader.mistake(
          given,
          "expected a namespace of at most %d small letters and digits, with single dashes between them"
                  .formatted(MAX_NAME)
              + (variable ? " (underscores here)" : "")
              + ", a letter first, got \"%s\"".formatted(variable ? name.replace('-', '_') : name));
      return Optional.empty();
    }
    return Optional.of(name);
  }

  private static String variable(String known) {
    return known.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  private Namespace read(Namespace base) {
    String key = PREFIX + base.name() + ".";
    Access subscribe = reader.choice(key + "subscribe", base.subscribe());
    Namespace read =
        new Namespace(
            base.name(),
            subscribe,
            reader.choice(key + "publish", base.publish()),
            reader.choice(key + "history-access", subscribe),
            reader.choice(key + "presence-access", subscribe),
            reader.integer(key + "history-size", base.historySize(), 0, 10_000_000),
            reader.duration(
                key + "history-age",
                base.historyAge(),
                Duration.ofSeconds(1),
                Duration.ofDays(36_500)),
            reader.bool(key + "presence", base.presence()),
            reader.choice(key + "deliver", base.deliver()),
            reader.bool(key + "durable", base.durable()),
            reader.integer(key + "publish-rate", base.publishRate(), 0, 1_000_000),
            reader.integer(key + "channel-rate", base.channelRate(), 0, 1_000_000));
    if (read.deliver() == Deliver.LATEST && read.historySize() > 0) {
      reader.mistake(
          key + "deliver",
          "expected every where %shistory-size is not 0: a slow reader is caught up from the log"
              .formatted(key));
    }
    return read;
  }
}
