package io.switchboard.auth;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The policy that ships: a namespace says who is let in, and what is granted to somebody in
 * particular counts beyond it. On channels of which some access is the owner's, nothing is ever
 * granted to others. Immutable, safe for many threads.
 */
public final class NamespacePolicy implements ChannelPolicy {
  private static final Verdict TOKEN_MISSING = new Verdict.Denied("a token for it is needed");

  private final Map<String, Namespace> namespaces;
  private final Verdict unknown;

  /** Makes the policy of {@code namespaces}. */
  public NamespacePolicy(List<Namespace> namespaces) {
    this.namespaces =
        namespaces.stream().collect(Collectors.toMap(Namespace::name, Function.identity()));
    this.unknown =
        new Verdict.Unknown(
            "expected one of the namespaces "
                + this.namespaces.keySet().stream().sorted().collect(Collectors.joining(", ")));
  }

  @Override
  public Verdict decide(Identity who, Action what, ChannelName channel) {
    Namespace namespace = namespaces.get(channel.namespace());
    if (namespace == null) {
      return unknown;
    }
    Access access = access(namespace, what);
    if (permits(access, who, channel) || isGranted(namespace, who, what, channel)) {
      return granted(namespace, what);
    }
    if (access != Access.TOKEN) {
      return new Verdict.Denied("you may not %s here".formatted(what.verb()));
    }
    // A token is made for who listens: it lets nobody speak.
    return what != Action.PUBLISH && granted(namespace, what) instanceof Verdict.Granted
        ? new Verdict.NeedsToken(namespace)
        : TOKEN_MISSING;
  }

  @Override
  public Verdict decideForServer(Action what, ChannelName channel) {
    Namespace namespace = namespaces.get(channel.namespace());
    return namespace == null ? unknown : granted(namespace, what);
  }

  private static Access access(Namespace namespace, Action what) {
    return switch (what) {
      case SUBSCRIBE -> namespace.subscribe();
      case PUBLISH -> namespace.publish();
      case HISTORY -> namespace.historyAccess();
      case PRESENCE -> namespace.presenceAccess();
    };
  }

  private static Verdict granted(Namespace namespace, Action what) {
    return what == Action.PRESENCE && !namespace.presence()
        ? new Verdict.Denied("presence is not kept here")
        : new Verdict.Granted(namespace);
  }

  private static boolean permits(Access access, Identity who, ChannelName channel) {
    return switch (access) {
      case ANYONE -> true;
      case AUTHENTICATED -> !who.guest();
      case OWNER -> isOwner(who, channel);
      case TOKEN, SERVER -> false;
    };
  }

  private static boolean isGranted(
      Namespace namespace, Identity who, Action what, ChannelName channel) {
    return (!isPersonal(namespace) || isOwner(who, channel)) && who.grants().permit(what, channel);
  }

  private static boolean isOwner(Identity who, ChannelName channel) {
    return !who.guest() && channel.localName().equals(who.user());
  }

  private static boolean isPersonal(Namespace namespace) {
    return namespace.subscribe() == Access.OWNER
        || namespace.publish() == Access.OWNER
        || namespace.historyAccess() == Access.OWNER
        || namespace.presenceAccess() == Access.OWNER;
  }
}
