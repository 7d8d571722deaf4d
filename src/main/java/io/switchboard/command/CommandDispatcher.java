package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.channel.ChannelName;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.ChatCommand;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Input;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SuperchatCommand;
import io.switchboard.session.ClientSession;
import io.switchboard.session.HeartbeatSettings;
import io.switchboard.session.Inbound;
import java.util.HashMap;
import java.util.Map;

/** Hands each command to its handler, and lets sessions in and out. */
public final class CommandDispatcher implements Inbound {
  private final Map<Class<?>, Handler<Input>> handlers = new HashMap<>();
  private final Hub hub;
  private final ChatCodec chat;
  private final HeartbeatSettings heartbeat;

  /** Makes one with every handler there is. */
  public CommandDispatcher(
      Hub hub, ChannelPolicy policy, ChatCodec chat, HeartbeatSettings heartbeat) {
    this.hub = hub;
    this.chat = chat;
    this.heartbeat = heartbeat;
    on(ChatCommand.Join.class, new JoinHandler(hub, policy, chat));
    on(ChatCommand.Say.class, new SayHandler(hub, policy));
    on(ChatCommand.Leave.class, new LeaveHandler(hub));
    on(ChatCommand.Who.class, new WhoHandler(hub, chat));
    on(ChatCommand.Ping.class, (session, ping) -> session.send(chat.pong()));
    on(
        ChatCommand.Handshake.class,
        (session, ask) -> session.send(chat.handshake(session.origin().handshake())));
    for (Class<?> type : SuperchatCommand.class.getPermittedSubclasses()) {
      on(type.asSubclass(SuperchatCommand.class), CommandDispatcher::refuseSuperchat);
    }
  }

  private static void refuseSuperchat(ClientSession session, SuperchatCommand command) {
    session.refuse(new Refusal(ErrorCode.UNAVAILABLE, "superchat is not served yet", command.id()));
  }

  private <C extends Input> void on(Class<C> type, Handler<? super C> handler) {
    handlers.put(type, (session, input) -> handler.handle(session, type.cast(input)));
  }

  @Override
  public void opened(ClientSession session) {
    if (session.codec() != chat) {
      return;
    }
    session.send(chat.welcome(session.info(), heartbeat.interval()));
    if (!session.identity().guest()) {
      ChannelName own = ChannelName.user(session.identity().user());
      if (session.join(own, null) == ClientSession.Joined.OK) {
        hub.subscribe(session, own, new Hub.Terms(false, 0), history -> {}, error -> {});
      }
    }
  }

  @Override
  public void received(ClientSession session, Input input) {
    Handler<Input> handler = handlers.get(input.getClass());
    if (handler == null) {
      throw new IllegalStateException("no handler for " + input.getClass());
    }
    handler.handle(session, input);
  }

  @Override
  public void closed(ClientSession session) {
    for (ChannelName channel : session.leaveAll()) {
      hub.unsubscribe(session, channel);
    }
  }

  static void refuseNotJoined(ClientSession session, ChannelName room) {
    session.refuse(new Refusal(ErrorCode.NOT_JOINED, "room: join " + room.localName() + " first"));
  }
}
