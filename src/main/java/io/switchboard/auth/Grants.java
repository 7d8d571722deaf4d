package io.switchboard.auth;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.channel.ChannelName;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What somebody's credentials permit, beyond what namespaces permit to everybody who is known.
 *
 * @param roles what the container or a token says that they are
 * @param channels on which channels they may do what
 */
public record Grants(Set<String> roles, Map<Action, List<ChannelPattern>> channels) {
  /** Nothing beyond. */
  public static final Grants NONE = new Grants(Set.of(), Map.of());

  /** Copies both. */
  public Grants {
    roles = Set.copyOf(roles);
    Map<Action, List<ChannelPattern>> copy = new EnumMap<>(Action.class);
    channels.forEach((action, patterns) -> copy.put(action, List.copyOf(patterns)));
    channels = Map.copyOf(copy);
  }

  /**
   * Makes them of what credentials say.
   *
   * @param channels patterns by what is permitted there: {@code subscribe}, {@code publish}, {@code
   *     history} or {@code presence}
   * @throws IllegalArgumentException naming the entry that is not accepted
   */
  public static Grants of(Set<String> roles, Map<String, List<String>> channels) {
    Map<Action, List<ChannelPattern>> read = new EnumMap<>(Action.class);
    channels.forEach(
        (name, patterns) -> {
          Action action =
              Arrays.stream(Action.values())
                  .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "expected subscribe, publish, history or presence, got " + name));
          read.put(action, patterns.stream().map(pattern -> pattern(name, pattern)).toList());
        });
    return new Grants(roles, read);
  }

  private static ChannelPattern pattern(String name, String pattern) {
    try {
      return new ChannelPattern(pattern);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether {@code action} is granted on {@code channel}. */
  public boolean permit(Action action, ChannelName channel) {
    return channels.getOrDefault(action, List.of()).stream()
        .anyMatch(pattern -> pattern.matches(channel));
  }

  /** Returns whether {@code role} is one of theirs. */
  public boolean has(String role) {
    return roles.contains(role);
  }
}
