package io.switchboard.auth.jwt;

import io.switchboard.auth.ChannelPattern;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.Grants;
import io.switchboard.auth.Identity;
import io.switchboard.auth.Scope;
import io.switchboard.auth.jwt.JwtTokens.BadToken;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token says of its user. A claim of the wrong kind is refused by name, never guessed. */
record Claims(Map<String, Object> all) {
  /** The claim that says what its user may do on which channels. */
  static final String PERMISSIONS = "switchboard";

  /** What a token may do with the server API (RFC 8693 section 4.2). */
  private static final String SCOPE = "scope";

  /** The longest display name, in characters. */
  private static final int MAX_NAME = 64;

  /** The last second of the year 9999, after which nothing is written in ISO-8601 any more. */
  private static final long LAST_SECOND = 253_402_300_799L;

  /** Returns whether there is a claim of that name, whatever it says. */
  boolean has(String name) {
    return all.containsKey(name);
  }

  /** Returns a claim; dots of its name lead into objects where there is none of the whole name. */
  private @Nullable Object find(String name) {
    Object whole = all.get(name);
    if (whole != null || name.indexOf('.') < 0) {
      return whole;
    }
    Object found = all;
    for (String step : name.split("\\.", -1)) {
      if (!(found instanceof Map<?, ?> object)) {
        return null;
      }
      found = object.get(step);
    }
    return found;
  }

  /** Returns the text that {@code name} holds, if there is one. */
  Optional<String> text(String name) throws BadToken {
    Object value = find(name);
    if (value == null || value instanceof String) {
      return Optional.ofNullable((String) value);
    }
    throw new BadToken(name + ": expected a string");
  }

  /** Returns the texts that {@code name} holds: one, or an array of them. */
  List<String> texts(String name) throws BadToken {
    Object value = find(name);
    return value instanceof String text ? List.of(text) : texts(name, value);
  }

  private static List<String> texts(String name, @Nullable Object value) throws BadToken {
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object one : list) {
        if (one instanceof String text) {
          texts.add(text);
        }
      }
      if (texts.size() == list.size()) {
        return texts;
      }
    }
    throw new BadToken(name + ": expected an array of strings");
  }

  /** Returns the moment that {@code name} holds, in seconds since 1970 (RFC 7519 section 2). */
  Optional<Instant> instant(String name) throws BadToken {
    Object value = all.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      double seconds = Math.max(0, Math.min(LAST_SECOND, number.doubleValue()));
      return Optional.of(Instant.ofEpochMilli((long) (seconds * 1_000)));
    }
    throw new BadToken(name + ": expected seconds since 1970");
  }

  /** Returns who it is, how they are called, and what they may do. */
  Identity identity(JwtSettings.ClaimNames names) throws BadToken {
    return new Identity(user(names.user()), false, displayName(names.name()), grants(names));
  }

  private String user(String claim) throws BadToken {
    String user = text(claim).orElseThrow(() -> new BadToken(claim + ": expected the user's id"));
    try {
      ChannelName.user(user); // it has a channel of its own
      return user;
    } catch (IllegalArgumentException e) {
      throw new BadToken(claim + ": expected 1 to 250 bytes of UTF-8 without control characters");
    }
  }

  private @Nullable String displayName(String claim) throws BadToken {
    String name = text(claim).map(String::strip).orElse(null);
    if (name == null) {
      return null;
    }
    int length = name.codePointCount(0, name.length());
    if (length < 1
        || length > MAX_NAME
        || !Text.isWellFormed(name)
        || Text.hasControlCharacter(name)) {
      throw new BadToken(
          "%s: expected 1 to %d characters without control characters".formatted(claim, MAX_NAME));
    }
    return name;
  }

  private Grants grants(JwtSettings.ClaimNames names) throws BadToken {
    Set<String> held = new HashSet<>(words(names.roles()));
    words(SCOPE).stream().filter(word -> word.startsWith(Scope.PREFIX)).forEach(held::add);
    return new Grants(held, permissions());
  }

  /** Returns what {@code name} holds: words with spaces between them, or an array of texts. */
  private List<String> words(String name) throws BadToken {
    Object value = find(name);
    return value instanceof String words
        ? List.of(words.strip().split("\\s+", -1))
        : texts(name, value);
  }

  private Map<Action, List<ChannelPattern>> permissions() throws BadToken {
    Object value = all.get(PERMISSIONS);
    Map<Action, List<ChannelPattern>> permissions = new EnumMap<>(Action.class);
    if (value == null) {
      return permissions;
    }
    if (!(value instanceof Map<?, ?> object)) {
      throw new BadToken(PERMISSIONS + ": expected an object");
    }
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      Action action = action(String.valueOf(entry.getKey()));
      String claim = PERMISSIONS + "." + word(action);
      List<ChannelPattern> patterns = new ArrayList<>();
      for (String text : texts(claim, entry.getValue())) {
        try {
          patterns.add(new ChannelPattern(text));
        } catch (IllegalArgumentException e) {
          throw new BadToken(
              claim + ": expected channels such as room:lobby, or room:eu-* for all that begin so");
        }
      }
      permissions.put(action, patterns);
    }
    return permissions;
  }

  private static Action action(String word) throws BadToken {
    return Arrays.stream(Action.values())
        .filter(action -> word(action).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new BadToken(
                    PERMISSIONS + ": expected subscribe, publish, history or presence in it"));
  }

  private static String word(Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }
}
