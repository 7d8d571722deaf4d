package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.engine.ReadMarkers;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCommand.Ack;
import io.switchboard.session.ClientSession;
import java.util.Optional;

/** Notes how far a user has read a channel to which it may listen; not answered unless refused. */
final class AckHandler implements Handler<Ack> {
  private final ReadMarkers markers;
  private final Permissions permissions;

  AckHandler(ReadMarkers markers, Permissions permissions) {
    this.markers = markers;
    this.permissions = permissions;
  }

  @Override
  public void handle(ClientSession session, Ack ack) {
    Optional<Refusal> forbidden =
        Refusals.of(permissions.decide(session, Action.HISTORY, ack.channel()), "channel");
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
