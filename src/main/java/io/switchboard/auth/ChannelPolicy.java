package io.switchboard.auth;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The one place that says who may listen and speak on which channel. Safe for many threads. */
public final class ChannelPolicy {
  private final Map<String, Namespace> namespaces;

  /** Makes the policy of {@code namespaces}. */
  public ChannelPolicy(List<Namespace> namespaces) {
    this.namespaces =
        namespaces.stream().collect(Collectors.toMap(Namespace::name, Function.identity()));
  }

  /** Returns the namespace that {@code channel} belongs to, if it is known. */
  public Optional<Namespace> namespace(ChannelName channel) {
    return Optional.ofNullable(namespaces.get(channel.namespace()));
  }

  /** Returns the names of all namespaces in order, for messages to people. */
  public String known() {
    return namespaces.keySet().stream().sorted().collect(Collectors.joining(", "));
  }

  /** Returns whether {@code who} may listen on {@code channel}. */
  public boolean maySubscribe(Identity who, ChannelName channel) {
    return namespace(channel).filter(n -> permits(n.subscribe(), who, channel)).isPresent();
  }

  /** Returns whether {@code who} may speak on {@code channel}. */
  public boolean mayPublish(Identity who, ChannelName channel) {
    return namespace(channel).filter(n -> permits(n.publish(), who, channel)).isPresent();
  }

  private static boolean permits(Access access, Identity who, ChannelName channel) {
    return switch (access) {
      case ANYONE -> true;
      case AUTHENTICATED -> !who.guest();
      case OWNER -> !who.guest() && channel.localName().equals(who.user());
      case TOKEN, SERVER -> false;
    };
  }
}
