package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Member;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.ChatCommand;
import io.switchboard.protocol.Refusal;
import io.switchboard.session.ClientSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells a session who is in a room with it. */
final class WhoHandler implements Handler<ChatCommand.Who> {
  private final Hub hub;
  private final Permissions permissions;
  private final ChatCodec chat;

  WhoHandler(Hub hub, Permissions permissions, ChatCodec chat) {
    this.hub = hub;
    this.permissions = permissions;
    this.chat = chat;
  }

  @Override
  public void handle(ClientSession session, ChatCommand.Who who) {
    if (!session.isOn(who.room())) {
      CommandDispatcher.refuseNotJoined(session, who.room());
      return;
    }
    Optional<Refusal> forbidden =
        Refusals.of(permissions.decide(session, Action.PRESENCE, who.room()), "room");
    if (forbidden.isPresent()) {
      session.refuse(forbidden.get());
      return;
    }
    hub.members(who.room())
        .whenComplete(
            (members, error) -> {
              if (error == null) {
                session.send(chat.who(who.room(), users(members)));
              } else {
                Refusals.unavailable(session, null, "room: who is there is not known", error);
              }
            });
  }

  /** Returns one entry for each user, in the order in which they came. */
  private static List<ClientInfo> users(List<Member> members) {
    Map<String, ClientInfo> users = new LinkedHashMap<>();
    members.forEach(member -> users.putIfAbsent(member.who().user(), member.who()));
    return List.copyOf(users.values());
  }
}
