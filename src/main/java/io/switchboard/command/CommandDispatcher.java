package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.auth.Tokens;
import io.switchboard.channel.ChannelName;
import io.switchboard.engine.ReadMarkers;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.ChatCommand;
import io.switchboard.protocol.CloseCode;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Input;
import io.switchboard.protocol.Refusal;
import io.switchboard.protocol.SubscriptionStart;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.protocol.SuperchatCommand;
import io.switchboard.protocol.SuperchatCommand.Connect;
import io.switchboard.session.ClientSession;
import io.switchboard.session.HeartbeatSettings;
import io.switchboard.session.Inbound;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Hands each command to its handler, and lets sessions in and out. */
public final class CommandDispatcher implements Inbound {
  private final Map<Class<?>, Handler<Input>> handlers = new HashMap<>();
  private final Hub hub;
  private final ChatCodec chat;
  private final ChannelPolicy policy;
  private final HeartbeatSettings heartbeat;

  /** Makes one with every handler there is. */
  public CommandDispatcher(
      Hub hub,
      ChannelPolicy policy,
      ReadMarkers markers,
      ChatCodec chat,
      SuperchatCodec superchat,
      HeartbeatSettings heartbeat,
      Tokens tokens,
      ChannelTokens channelTokens,
      LongSupplier nanos) {
    this.hub = hub;
    this.chat = chat;
    this.heartbeat = heartbeat;
    this.policy = policy;
    ChannelRates rates = new ChannelRates(nanos);
    Permissions permissions = new Permissions(policy, channelTokens);
    on(ChatCommand.Join.class, new JoinHandler(hub, permissions));
    on(ChatCommand.Say.class, new SayHandler(hub, permissions, rates));
    on(ChatCommand.Leave.class, new LeaveHandler(hub));
    on(ChatCommand.Who.class, new WhoHandler(hub, permissions, chat));
    on(ChatCommand.Ping.class, (session, ping) -> session.send(chat.pong()));
    on(
        ChatCommand.Handshake.class,
        (session, ask) -> session.send(chat.handshake(session.origin().handshake())));
    Credentials credentials = new Credentials(tokens);
    Subscriber subscriber = new Subscriber(hub, permissions, channelTokens, markers);
    on(Connect.class, new ConnectHandler(subscriber, superchat, heartbeat, credentials));
    on(SuperchatCommand.Subscribe.class, new SubscribeHandler(subscriber, superchat));
    on(SuperchatCommand.Unsubscribe.class, new UnsubscribeHandler(hub, superchat));
    on(SuperchatCommand.Publish.class, new PublishHandler(hub, permissions, rates, superchat));
    on(SuperchatCommand.History.class, new HistoryHandler(hub, permissions, superchat));
    on(SuperchatCommand.Presence.class, new PresenceHandler(hub, permissions, superchat));
    on(
        SuperchatCommand.Ping.class,
        (session, ping) -> session.answer(ping.id(), superchat.pong(ping.id())));
    on(SuperchatCommand.Pong.class, (session, pong) -> {}); // every frame is a sign of life
    on(SuperchatCommand.Ack.class, new AckHandler(markers, permissions));
    on(
        SuperchatCommand.Refresh.class,
        new RefreshHandler(hub, policy, superchat, credentials, channelTokens));
  }

  private <C extends Input> void on(Class<C> type, Handler<? super C> handler) {
    handlers.put(type, (session, input) -> handler.handle(session, type.cast(input)));
  }

  @Override
  public void opened(ClientSession session) {
    if (!session.codec().needsConnect()) {
      session.send(chat.welcome(session.info(), heartbeat.interval()));
      listenToOwn(session);
    }
  }

  /**
   * Lets a user hear what is pushed to it, where its name is proven. Clients of {@code superchat}
   * come to listen there by {@code connect}, which tells them the position.
   */
  private void listenToOwn(ClientSession session) {
    ChannelName own = ChannelName.user(session.identity().user());
    if (policy.decide(session.identity(), Action.SUBSCRIBE, own) instanceof Verdict.Granted granted
        && session.join(own, null) == ClientSession.Joined.OK) {
      hub.subscribe(
          session,
          own,
          new Hub.Terms(granted.namespace(), false, Hub.Presence.NONE, 0, null, 0),
          new Hub.Beginning() {
            @Override
            public void began(SubscriptionStart start, Runnable goLive) {
              goLive.run();
            }

            @Override
            public void failed() { // it would never hear what is pushed to it
              session.close(Disconnect.of(CloseCode.OVERLOADED, "the log is out of reach"));
            }
          });
    }
  }

  @Override
  public void received(ClientSession session, Input input) {
    Handler<Input> handler = handlers.get(input.getClass());
    if (handler == null) {
      throw new IllegalStateException("no handler for " + input.getClass());
    }
    if (session.codec().needsConnect() && !session.isIntroduced() && !(input instanceof Connect)) {
      session.refuse(
          new Refusal(ErrorCode.UNAUTHENTICATED, "connect: must come first", input.re()));
      return;
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
