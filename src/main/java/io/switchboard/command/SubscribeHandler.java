package io.switchboard.command;

import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SubscriptionStart;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand.Subscribe;
import io.switchboard.session.ClientSession;

/** Lets a session listen on a channel. */
final class SubscribeHandler implements Handler<Subscribe> {
  private final Subscriber subscriber;
  private final SuperchatCodec codec;

  SubscribeHandler(Subscriber subscriber, SuperchatCodec codec) {
    this.subscriber = subscriber;
    this.codec = codec;
  }

  @Override
  public void handle(ClientSession session, Subscribe subscribe) {
    subscriber.subscribe(
        session,
        new Subscriber.Wish(
            subscribe.channel(),
            subscribe.token(),
            subscribe.since(),
            subscribe.presence(),
            // All channels together must fit; what does not follows from the log.
            session.settings().queueBytes() / 2 / session.settings().maxChannels()),
        new Subscriber.Outcome() {
          @Override
          public void began(SubscriptionStart start, Runnable goLive) {
            session.answer(subscribe.id(), codec.subscribed(subscribe.id(), start));
            goLive.run();
          }

          @Override
          public void refused(Refusal refusal) {
            Refusals.refuse(session, subscribe.id(), refusal);
          }
        });
  }
}
