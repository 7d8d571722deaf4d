package io.switchboard.hub;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Member;
import io.switchboard.concurrent.SerialExecutor;
import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Frame;
import io.switchboard.protocol.Push;
import io.switchboard.session.ClientSession;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * The sessions of this node that listen on one channel.
 *
 * <p>Everything that happens on a channel goes through its {@link #lane}, so that all who listen
 * see it in one order. All methods but {@link #lane} are called from the lane.
 */
final class LocalChannel {
  private final ChannelName name;
  private final SerialExecutor lane;
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();

  /** How many subscriptions were asked for and not yet ended. Guarded by the hub's map. */
  int references;

  LocalChannel(ChannelName name, Executor workers) {
    this.name = name;
    this.lane = new SerialExecutor(workers);
  }

  ChannelName name() {
    return name;
  }

  SerialExecutor lane() {
    return lane;
  }

  void add(Subscription subscription) {
    subscriptions.put(subscription.session.id(), subscription);
  }

  /** Takes the session off; returns what it had. */
  Subscription remove(ClientSession session) {
    Subscription gone = subscriptions.remove(session.id());
    if (gone == null) {
      throw new IllegalStateException(session.id() + " is not on " + name);
    }
    return gone;
  }

  /** Returns whether the session has not left and come back meanwhile. */
  boolean has(Subscription subscription) {
    return subscriptions.get(subscription.session.id()) == subscription;
  }

  /** Returns whether any session of that user is here and known to others. */
  boolean hasUser(String user) {
    return subscriptions.values().stream()
        .anyMatch(s -> s.terms.announced() && s.user().equals(user));
  }

  /** Returns all sessions that are known to others, in the order in which they came. */
  List<Member> members() {
    return subscriptions.values().stream()
        .filter(s -> s.terms.announced())
        .map(s -> s.member)
        .toList();
  }

  /** Tells everybody. */
  void tell(Push push) {
    tell(push, subscription -> true);
  }

  /** Tells some; who is not live yet is told when it is. */
  void tell(Push push, Predicate<Subscription> whom) {
    Map<Codec, Frame> frames = new HashMap<>(2);
    for (Subscription subscription : subscriptions.values()) {
      if (!whom.test(subscription)) {
        continue;
      }
      if (subscription.held != null) {
        subscription.held.add(push);
      } else {
        Codec codec = subscription.session.codec();
        subscription.session.send(frames.computeIfAbsent(codec, c -> c.encode(push)));
      }
    }
  }

  /** Tells one session what happened since it came, except what it knew by {@code top}. */
  void goLive(Subscription subscription, long top) {
    List<Push> held = subscription.held;
    subscription.held = null;
    if (held == null) {
      throw new IllegalStateException(subscription.session.id() + " is live already");
    }
    for (Push push : held) {
      boolean known =
          push instanceof Push.Published published
              && !published.publication().isEphemeral()
              && published.publication().offset() <= top;
      if (!known) {
        subscription.session.send(subscription.session.codec().encode(push));
      }
    }
  }
}
