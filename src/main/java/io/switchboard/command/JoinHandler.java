package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCommand;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SubscriptionStart;
import io.switchboard.session.ClientSession;

/** Brings a session into a room, and tells it what was said there. */
final class JoinHandler implements Handler<ChatCommand.Join> {
  private final Hub hub;
  private final Permissions permissions;

  JoinHandler(Hub hub, Permissions permissions) {
    this.hub = hub;
    this.permissions = permissions;
  }

  @Override
  public void handle(ClientSession session, ChatCommand.Join join) {
    ChannelName room = join.room();
    if (!session.mayAttempt()) {
      session.refuse(Refusals.tooManyRefused("room"));
      return;
    }
    Verdict verdict = permissions.decide(session, Action.SUBSCRIBE, room);
    if (!(verdict instanceof Verdict.Granted granted)) {
      session.attemptedInVain();
      Refusals.of(verdict, "room").ifPresent(session::refuse);
      return;
    }
    switch (session.join(room, join.name())) {
      case OK -> subscribe(session, join, granted.namespace());
      case ALREADY ->
          session.refuse(
              new Refusal(
                  ErrorCode.ALREADY_SUBSCRIBED,
                  "room: you are in " + room.localName() + " already"));
      case TOO_MANY ->
          session.refuse(
              new Refusal(
                  ErrorCode.LIMIT_EXCEEDED,
                  "room: at most %d at a time".formatted(session.settings().maxChannels())));
      case ENDED -> {}
    }
  }

  private void subscribe(ClientSession session, ChatCommand.Join join, Namespace namespace) {
    hub.subscribe(
        session,
        join.room(),
        new Hub.Terms(
            namespace,
            namespace.presence(),
            permissions.inRoom(session, join.room(), namespace),
            permissions.mayRead(session, join.room(), false) ? join.last() : 0,
            null,
            0),
        new Hub.Beginning() {
          @Override
          public void began(SubscriptionStart start, Runnable goLive) {
            session.codec().subscribed(start).ifPresent(session::send);
            goLive.run();
          }

          @Override
          public void failed() {
            session.refuse(
                new Refusal(ErrorCode.UNAVAILABLE, "room: history is out of reach, try again"));
          }
        });
  }
}
