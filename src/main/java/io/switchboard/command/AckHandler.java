package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.engine.ReadMarkers;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCommand.Ack;
import io.switchboard.session.ClientSession;
import java.util.Optional;

/** Notes how far a user has read a channel to which it may listen; not answered unless refused. */
final class AckHandler implements Handler<Ack> {
  private final ReadMarkers markers;
  private final ChannelPolicy policy;

  AckHandler(ReadMarkers markers, ChannelPolicy policy) {
    this.markers = markers;
    this.policy = policy;
  }

  @Override
  public void handle(ClientSession session, Ack ack) {
    Optional<Refusal> forbidden =
        Refusals.of(policy.decide(session.identity(), Action.HISTORY, ack.channel()), "channel");
    if (forbidden.isPresent()) {
      session.refuse(forbidden.get());
      return;
    }
    markers
        .mark(session.identity().user(), ack.channel(), ack.offset())
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                Refusals.unavailable(session, null, "offset: it was not noted", error);
              }
            });
  }
}
