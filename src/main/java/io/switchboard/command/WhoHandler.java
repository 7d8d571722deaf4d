package io.switchboard.command;

import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.ChatCommand;
import io.switchboard.session.ClientSession;

/** Tells a session who is in a room with it. */
final class WhoHandler implements Handler<ChatCommand.Who> {
  private final Hub hub;
  private final ChatCodec chat;

  WhoHandler(Hub hub, ChatCodec chat) {
    this.hub = hub;
    this.chat = chat;
  }

  @Override
  public void handle(ClientSession session, ChatCommand.Who who) {
    if (session.isOn(who.room())) {
      hub.members(who.room(), members -> session.send(chat.who(who.room(), members)));
    } else {
      CommandDispatcher.refuseNotJoined(session, who.room());
    }
  }
}
