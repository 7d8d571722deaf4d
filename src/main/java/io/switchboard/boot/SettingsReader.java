package io.switchboard.boot;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads settings one by one and keeps a list of all that is wrong, so that somebody who has made
 * three mistakes is told of three.
 */
final class SettingsReader {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)?");

  /** What somebody wrote, and where. */
  record Value(String text, String source) {}

  /**
   * The name of a setting as somebody wrote it.
   *
   * @param text with dots, or in capitals in the environment
   */
  record Name(String text, boolean inEnvironment) {}

  private final Function<String, Optional<Value>> lookup;
  private final Set<Name> given;
  private final List<String> mistakes = new ArrayList<>();
  private final Set<String> keys = new TreeSet<>();

  SettingsReader(Function<String, Optional<Value>> lookup, Set<Name> given) {
    this.lookup = lookup;
    this.given = given;
  }

  /** Returns what was written anywhere, for settings whose names are not known beforehand. */
  Set<Name> given() {
    return given;
  }

  /** Returns what is wrong so far, one line each. */
  List<String> mistakes() {
    return mistakes;
  }

  /** Returns the keys that were asked for so far. */
  Set<String> keys() {
    return keys;
  }

  /** Notes a mistake about {@code key}. */
  void mistake(String key, String problem) {
    mistakes.add(key + ": " + problem);
  }

  Optional<String> string(String key) {
    keys.add(key);
    return lookup.apply(key).map(value -> value.text().strip()).filter(text -> !text.isEmpty());
  }

  boolean bool(String key, boolean standard) {
    return read(
        key,
        standard,
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  int integer(String key, int standard, int low, int high) {
    return read(
        key,
        standard,
        "a whole number from %d to %d".formatted(low, high),
        text ->
            text.matches("[+-]?\\d{1,18}")
                ? Optional.of(Long.parseLong(text))
                    .filter(number -> number >= low && number <= high)
                    .map(Long::intValue)
                : Optional.empty());
  }

  Duration duration(String key, Duration standard, Duration low, Duration high) {
    return read(
        key,
        standard,
        "a duration from %s to %s, such as 500ms, 25s or 2m".formatted(words(low), words(high)),
        text ->
            parseDuration(text)
                .filter(value -> value.compareTo(low) >= 0 && value.compareTo(high) <= 0));
  }

  long size(String key, long standard, long low, long high) {
    return read(
        key,
        standard,
        "a size from %d to %d bytes, such as 4096, 64KiB or 1MiB".formatted(low, high),
        text -> parseSize(text).filter(value -> value >= low && value <= high));
  }

  Path path(String key, Path standard) {
    return read(
        key,
        standard,
        "a folder",
        text -> {
          try {
            return Optional.of(Path.of(text).toAbsolutePath());
          } catch (InvalidPathException e) {
            return Optional.empty();
          }
        });
  }

  /** Reads the name of one of {@code standard}'s enum, in small letters. */
  <E extends Enum<E>> E choice(String key, E standard) {
    List<E> all = List.of(standard.getDeclaringClass().getEnumConstants());
    return read(
        key,
        standard,
        "one of " + all.stream().map(SettingsReader::word).collect(Collectors.joining(", ")),
        text -> all.stream().filter(one -> word(one).equals(text)).findFirst());
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  <T> T read(String key, T standard, String accepted, Function<String, Optional<T>> parse) {
    keys.add(key);
    Optional<Value> value = lookup.apply(key);
    if (value.isEmpty() || value.get().text().isBlank()) {
      return standard;
    }
    Optional<T> parsed = parse.apply(value.get().text().strip());
    if (parsed.isEmpty()) {
      mistake(
          key,
          "expected %s, got \"%s\" (from %s)"
              .formatted(accepted, value.get().text(), value.get().source()));
    }
    return parsed.orElse(standard);
  }

  private static Optional<Duration> parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      return Optional.of(
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          });
    }
    try {
      return Optional.of(Duration.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> parseSize(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = Optional.ofNullable(matcher.group(2)).orElse("B");
    int shift = 10 * List.of("B", "KiB", "MiB", "GiB").indexOf(unit);
    BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << shift));
    return Optional.of(bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
