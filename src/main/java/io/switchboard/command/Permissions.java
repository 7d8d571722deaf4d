package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.hub.Hub;
import io.switchboard.session.ClientSession;

/**
 * What the policy says of a session's user, and what the session may beyond that, because it
 * listens by a token. Never {@link Verdict.NeedsToken}.
 */
final class Permissions {
  private static final Verdict TOKEN_MISSING = new Verdict.Denied("a token for it is needed");

  private final ChannelPolicy policy;
  private final ChannelTokens tokens;

  Permissions(ChannelPolicy policy, ChannelTokens tokens) {
    this.policy = policy;
    this.tokens = tokens;
  }

  /** Returns whether {@code session} may do {@code what} on {@code channel}. */
  Verdict decide(ClientSession session, Action what, ChannelName channel) {
    Verdict verdict = policy.decide(session.identity(), what, channel);
    return verdict instanceof Verdict.NeedsToken needed
        ? byToken(needed, tokens.isHeld(session, channel))
        : verdict;
  }

  /** Returns the same for a session that is about to listen, by a good token or without. */
  Verdict decide(ClientSession session, Action what, ChannelName channel, boolean token) {
    Verdict verdict = policy.decide(session.identity(), what, channel);
    return verdict instanceof Verdict.NeedsToken needed ? byToken(needed, token) : verdict;
  }

  private static Verdict byToken(Verdict.NeedsToken needed, boolean held) {
    return held ? new Verdict.Granted(needed.namespace()) : TOKEN_MISSING;
  }

  /** Returns whether who is about to listen may be told what was published before. */
  boolean mayRead(ClientSession session, ChannelName channel, boolean token) {
    return decide(session, Action.HISTORY, channel, token) instanceof Verdict.Granted;
  }

  /** Returns whether who is about to listen may be told of others. */
  boolean mayLook(ClientSession session, ChannelName channel, boolean token) {
    return decide(session, Action.PRESENCE, channel, token) instanceof Verdict.Granted;
  }

  /** Returns what a client of {@code chat} is told of those who come into a room and go. */
  Hub.Presence inRoom(ClientSession session, ChannelName room, Namespace namespace) {
    // Where nobody is known to others there is nothing to hide.
    return !namespace.presence() || mayLook(session, room, false)
        ? Hub.Presence.USERS
        : Hub.Presence.OWN;
  }
}
