package io.switchboard.command;

import io.switchboard.hub.Hub;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand.Unsubscribe;
import io.switchboard.session.ClientSession;

/** Lets a session listen no more. */
final class UnsubscribeHandler implements Handler<Unsubscribe> {
  private final Hub hub;
  private final SuperchatCodec codec;

  UnsubscribeHandler(Hub hub, SuperchatCodec codec) {
    this.hub = hub;
    this.codec = codec;
  }

  @Override
  public void handle(ClientSession session, Unsubscribe unsubscribe) {
    if (!session.leave(unsubscribe.channel())) {
      Refusals.refuse(
          session,
          unsubscribe.id(),
          new Refusal(ErrorCode.NOT_SUBSCRIBED, "channel: subscribe to it first"));
      return;
    }
    hub.unsubscribe(
        session,
        unsubscribe.channel(),
        () ->
            session.answer(
                unsubscribe.id(), codec.unsubscribed(unsubscribe.id(), unsubscribe.channel())));
  }
}
