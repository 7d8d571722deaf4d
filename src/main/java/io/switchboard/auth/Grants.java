package io.switchboard.auth;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.channel.ChannelName;
import java.util.EnumMap;
import java.util.List;
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
