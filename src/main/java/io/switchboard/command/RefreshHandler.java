package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Push;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand.Refresh;
import io.switchboard.session.ClientSession;
import java.util.Optional;

/** Takes new credentials on a live connection, and what they no longer permit with them. */
final class RefreshHandler implements Handler<Refresh> {
  private final Hub hub;
  private final ChannelPolicy policy;
  private final SuperchatCodec codec;
  private final Credentials credentials;
  private final ChannelTokens tokens;

  RefreshHandler(
      Hub hub,
      ChannelPolicy policy,
      SuperchatCodec codec,
      Credentials credentials,
      ChannelTokens tokens) {
    this.tokens = tokens;
    this.hub = hub;
    this.policy = policy;
    this.codec = codec;
    this.credentials = credentials;
  }

  @Override
  public void handle(ClientSession session, Refresh refresh) {
    if (!session.mayAttempt()) {
      Refusals.refuse(session, refresh.id(), Refusals.tooManyRefused("token"));
      return;
    }
    Identity before = session.identity();
    Optional<Refusal> refusal = credentials.take(session, refresh.token());
    if (refusal.isPresent()) {
      session.attemptedInVain();
      Refusals.refuse(session, refresh.id(), refusal.get());
      return;
    }
    session.answer(refresh.id(), codec.refreshed(refresh.id(), session.pass().expires()));
    for (ChannelName channel : session.channels()) {
      // What a token for one channel or the application gave was never theirs by these.
      if (tokens.isHeld(session, channel)) {
        continue;
      }
      if (lost(before, session.identity(), Action.SUBSCRIBE, channel)) {
        leave(session, channel, false);
      } else if (lost(before, session.identity(), Action.PRESENCE, channel)
          || lost(before, session.identity(), Action.HISTORY, channel)) {
        leave(session, channel, true); // it may come back and be told less
      }
    }
  }

  private boolean lost(Identity before, Identity now, Action what, ChannelName channel) {
    return policy.decide(before, what, channel) instanceof Verdict.Granted
        && !(policy.decide(now, what, channel) instanceof Verdict.Granted);
  }

  private void leave(ClientSession session, ChannelName channel, boolean resubscribe) {
    if (session.leave(channel)) {
      Push.Unsubscribed told =
          new Push.Unsubscribed(
              channel, ErrorCode.FORBIDDEN, "the new token does not permit it", resubscribe);
      hub.unsubscribe(session, channel, () -> session.send(codec.encode(told)));
    }
  }
}
