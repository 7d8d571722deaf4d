package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand.Presence;
import io.switchboard.session.ClientSession;
import java.util.Optional;

/** Tells a session who is on a channel to which it may listen. */
final class PresenceHandler implements Handler<Presence> {
  private final Hub hub;
  private final Permissions permissions;
  private final SuperchatCodec codec;

  PresenceHandler(Hub hub, Permissions permissions, SuperchatCodec codec) {
    this.hub = hub;
    this.permissions = permissions;
    this.codec = codec;
  }

  @Override
  public void handle(ClientSession session, Presence presence) {
    Optional<Refusal> forbidden =
        Refusals.of(permissions.decide(session, Action.PRESENCE, presence.channel()), "channel");
    if (forbidden.isPresent()) {
      Refusals.refuse(session, presence.id(), forbidden.get());
      return;
    }
    hub.members(presence.channel())
        .whenComplete(
            (members, error) -> {
              if (error == null) {
                session.answer(
                    presence.id(), codec.presence(presence.id(), presence.channel(), members));
              } else {
                Refusals.unavailable(
                    session, presence.id(), "channel: who is there is not known", error);
              }
            });
  }
}
