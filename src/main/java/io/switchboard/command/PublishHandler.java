package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.engine.Broker.Request;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand.Publish;
import io.switchboard.session.ClientSession;
import java.util.Optional;

/** Publishes for a session; answered when the engine keeps what was published. */
final class PublishHandler implements Handler<Publish> {
  private final Hub hub;
  private final Permissions permissions;
  private final ChannelRates rates;
  private final SuperchatCodec codec;

  PublishHandler(Hub hub, Permissions permissions, ChannelRates rates, SuperchatCodec codec) {
    this.hub = hub;
    this.permissions = permissions;
    this.rates = rates;
    this.codec = codec;
  }

  @Override
  public void handle(ClientSession session, Publish publish) {
    Verdict verdict = permissions.decide(session, Action.PUBLISH, publish.channel());
    Optional<Refusal> refusal =
        Refusals.of(verdict, "channel")
            .or(() -> rates.tooFast(session, verdict, publish.channel(), "channel"));
    if (refusal.isPresent()) {
      Refusals.refuse(session, publish.id(), refusal.get());
      return;
    }
    Request request =
        new Request(
            session.info(publish.channel()), publish.data(), publish.key(), publish.ephemeral());
    hub.publish(publish.channel(), request)
        .whenComplete(
            (published, error) -> {
              if (error == null) {
                session.answer(
                    publish.id(),
                    codec.published(
                        publish.id(), published.position(), published.at(), published.duplicate()));
              } else {
                Refusals.unavailable(session, publish.id(), "data: it was not published", error);
              }
            });
  }
}
