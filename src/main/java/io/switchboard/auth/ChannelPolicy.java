package io.switchboard.auth;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one place that says who may do what on which channel. Commands and the server API ask it, and
 * nothing else decides. Immutable, safe for many threads.
 */
public final class ChannelPolicy {
  /** What somebody wants to do with a channel. */
  public enum Action {
    SUBSCRIBE("listen"),
    PUBLISH("speak"),
    /** Read what the channel keeps, or say how far one has read. */
    HISTORY("read"),
    /** See who is there. */
    PRESENCE("look");

    private final String verb;

    Action(String verb) {
      this.verb = verb;
    }
  }

  /** The answer. */
  public sealed interface Verdict {
    /** Yes; {@code namespace} is what holds there. */
    record Granted(Namespace namespace) implements Verdict {}

    /** No: {@code why} is for people, and names nothing that they may not know. */
    record Denied(String why) implements Verdict {}

    /** There is no such namespace; {@code accepted} says which there are. */
    record Unknown(String accepted) implements Verdict {}
  }

  private final Map<String, Namespace> namespaces;
  private final Verdict unknown;

  /** Makes the policy of {@code namespaces}. */
  public ChannelPolicy(List<Namespace> namespaces) {
    this.namespaces =
        namespaces.stream().collect(Collectors.toMap(Namespace::name, Function.identity()));
    this.unknown =
        new Verdict.Unknown(
            "expected one of the namespaces "
                + this.namespaces.keySet().stream().sorted().collect(Collectors.joining(", ")));
  }

  /** Returns whether {@code who} may do {@code what} on {@code channel}. */
  public Verdict decide(Identity who, Action what, ChannelName channel) {
    Namespace namespace = namespaces.get(channel.namespace());
    if (namespace == null) {
      return unknown;
    }
    Access access = what == Action.PUBLISH ? namespace.publish() : namespace.subscribe();
    if (!permits(access, who, channel)) {
      return new Verdict.Denied(
          access == Access.TOKEN
              ? "a token for it is needed, and none are accepted yet"
              : "you may not %s here".formatted(what.verb));
    }
    return granted(namespace, what);
  }

  /** Returns whether the application on the server may do {@code what} on {@code channel}. */
  public Verdict decideForServer(Action what, ChannelName channel) {
    Namespace namespace = namespaces.get(channel.namespace());
    return namespace == null ? unknown : granted(namespace, what);
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
      case OWNER -> !who.guest() && channel.localName().equals(who.user());
      case TOKEN, SERVER -> false;
    };
  }
}
