package io.switchboard.auth;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;

/**
 * The one place that says who may do what on which channel. Commands and the server API ask it, and
 * nothing else decides.
 *
 * <p>{@link NamespacePolicy} is the one that ships. A build of the WAR replaces it by a CDI
 * alternative, which may have the shipped one injected and ask it.
 *
 * <p>Implementations are safe for use by many threads and never wait: they are asked on threads
 * that carry messages. They must not look whether a channel exists, or an answer would tell it.
 */
public interface ChannelPolicy {
  /** What somebody wants to do with a channel. */
  enum Action {
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

    /** Returns the verb of a sentence for people. */
    public String verb() {
      return verb;
    }
  }

  /** The answer. */
  sealed interface Verdict {
    /** Yes; {@code namespace} is what holds there. */
    record Granted(Namespace namespace) implements Verdict {}

    /** Yes to who shows, or has subscribed by, a token that was made for the channel. */
    record NeedsToken(Namespace namespace) implements Verdict {}

    /** No: {@code why} is for people, and names nothing that they may not know. */
    record Denied(String why) implements Verdict {}

    /** There is no such namespace; {@code accepted} says which there are. */
    record Unknown(String accepted) implements Verdict {}
  }

  /** Returns whether {@code who} may do {@code what} on {@code channel}. */
  Verdict decide(Identity who, Action what, ChannelName channel);

  /** Returns whether the application on the server may do {@code what} on {@code channel}. */
  Verdict decideForServer(Action what, ChannelName channel);
}
