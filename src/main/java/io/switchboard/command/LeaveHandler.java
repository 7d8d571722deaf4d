package io.switchboard.command;

import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCommand;
import io.switchboard.session.ClientSession;

/** Takes a session out of a room. */
final class LeaveHandler implements Handler<ChatCommand.Leave> {
  private final Hub hub;

  LeaveHandler(Hub hub) {
    this.hub = hub;
  }

  @Override
  public void handle(ClientSession session, ChatCommand.Leave leave) {
    if (session.leave(leave.room())) {
      hub.unsubscribe(session, leave.room());
    } else {
      CommandDispatcher.refuseNotJoined(session, leave.room());
    }
  }
}
