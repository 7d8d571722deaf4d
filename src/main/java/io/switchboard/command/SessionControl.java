package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.engine.ControlBus;
import io.switchboard.engine.ControlBus.Outcome;
import io.switchboard.engine.Order;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Push;
import io.switchboard.protocol.SubscriptionStart;
import io.switchboard.session.ClientSession;
import io.switchboard.session.SessionRegistry;
import java.util.List;

/**
 * Carries out on this node what applications want of sessions.
 *
 * <p>A client of {@code superchat} is told {@code subscribed} and {@code unsubscribed} without an
 * id. One of {@code chat} that is brought into a room is told what somebody who joins is told; on
 * other channels it hears {@code push}es from then on. That it hears no more is an {@code error}.
 */
public final class SessionControl implements ControlBus.Listener {
  private final SessionRegistry registry;
  private final Hub hub;
  private final ChannelPolicy policy;

  /** Makes one for the sessions of {@code registry}. */
  public SessionControl(SessionRegistry registry, Hub hub, ChannelPolicy policy) {
    this.registry = registry;
    this.hub = hub;
    this.policy = policy;
  }

  @Override
  public Outcome carryOut(Order order) {
    if (order instanceof Order.DisconnectSession one) {
      return disconnect(
          registry.find(one.session()).map(List::of).orElse(List.of()), one.code(), one.reason());
    }
    if (order instanceof Order.DisconnectUser all) {
      return disconnect(registry.of(all.user()), all.code(), all.reason());
    }
    if (order instanceof Order.Subscribe subscribe) {
      return registry.of(subscribe.user()).stream()
          .map(session -> subscribe(session, subscribe.channel()))
          .reduce(Outcome.NOBODY, Outcome::plus);
    }
    return unsubscribe((Order.Unsubscribe) order);
  }

  private static Outcome disconnect(List<ClientSession> sessions, int code, String reason) {
    Disconnect end = new Disconnect(code, reason, Order.comesBack(code));
    int ended = 0;
    for (ClientSession session : sessions) {
      if (!session.hasEnded()) {
        session.close(end);
        ended++;
      }
    }
    return new Outcome(ended, 0);
  }

  private Outcome subscribe(ClientSession session, ChannelName channel) {
    if (!(policy.decideForServer(Action.SUBSCRIBE, channel) instanceof Verdict.Granted granted)) {
      return Outcome.NOBODY; // another node may know of a namespace that this one does not
    }
    if (session.codec().needsConnect() && !session.isIntroduced()) {
      return Outcome.NOBODY; // it must be told `connected` before anything else
    }
    return switch (session.join(channel, null)) {
      case OK -> {
        hub.subscribe(
            session,
            channel,
            terms(session, channel, granted.namespace()),
            new Beginning(session, channel));
        yield new Outcome(1, 0);
      }
      case ALREADY -> new Outcome(1, 0);
      case TOO_MANY -> new Outcome(0, 1);
      case ENDED -> Outcome.NOBODY;
    };
  }

  private static Hub.Terms terms(ClientSession session, ChannelName channel, Namespace namespace) {
    boolean joins = session.codec() instanceof ChatCodec && channel.isRoom();
    return joins
        ? new Hub.Terms(
            namespace, namespace.presence(), Hub.Presence.USERS, ChatCodec.DEFAULT_LAST, null, 0)
        : new Hub.Terms(namespace, namespace.presence(), Hub.Presence.NONE, 0, null, 0);
  }

  private Outcome unsubscribe(Order.Unsubscribe order) {
    int left = 0;
    for (ClientSession session : registry.of(order.user())) {
      if (session.leave(order.channel())) {
        hub.unsubscribe(session, order.channel(), () -> tellUnsubscribed(session, order));
        left++;
      }
    }
    return new Outcome(left, 0);
  }

  private static void tellUnsubscribed(ClientSession session, Order.Unsubscribe order) {
    ErrorCode code = order.resubscribe() ? ErrorCode.UNAVAILABLE : ErrorCode.FORBIDDEN;
    session.send(
        session
            .codec()
            .encode(
                new Push.Unsubscribed(order.channel(), code, order.reason(), order.resubscribe())));
  }

  /** Tells a session where it begins to listen without having asked. */
  private record Beginning(ClientSession session, ChannelName channel) implements Hub.Beginning {
    @Override
    public void began(SubscriptionStart start, Runnable goLive) {
      session.codec().subscribed(start).ifPresent(session::send);
      goLive.run();
    }

    @Override
    public void failed() {
      tellUnsubscribed(
          session,
          new Order.Unsubscribe(
              session.identity().user(), channel, "its history is out of reach", true));
    }
  }
}
