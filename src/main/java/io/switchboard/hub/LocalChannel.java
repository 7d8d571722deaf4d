package io.switchboard.hub;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Journey;
import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Frame;
import io.switchboard.protocol.Push;
import io.switchboard.session.ClientSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The sessions of this node that listen on one channel.
 *
 * <p>Everything that happens on a channel goes through its {@link #lane}, so that all who listen
 * see it in one order. All methods but {@link #lane} are called from the lane.
 */
final class LocalChannel {
  /** So many are told before their queues are given a chance to be sent. */
  private static final int WAVE = 64;

  private final ChannelName name;
  private final Lane lane;
  private final Tracing tracing;
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();

  /** How often sessions were taken off before their time. */
  private final Map<String, Integer> early = new HashMap<>(0);

  /** Those who are expected back. Touched by the lane only. */
  final Lingering lingering = new Lingering();

  /** How many subscriptions were asked for and not yet ended. Guarded by the hub's map. */
  int references;

  /** How many are in {@link #lingering} or about to be. Guarded by the hub's map. */
  int expected;

  LocalChannel(ChannelName name, Executor workers, Tracing tracing) {
    this.name = name;
    this.tracing = tracing;
    this.lane = new Lane(workers, this::tell);
  }

  ChannelName name() {
    return name;
  }

  Lane lane() {
    return lane;
  }

  void add(Subscription subscription) {
    subscriptions.put(subscription.session.id(), subscription);
  }

  /** Notes that the session was taken off before whoever did that has come to say so. */
  void departedEarly(ClientSession session) {
    early.merge(session.id(), 1, Integer::sum);
  }

  /** Returns whether the session was taken off early, once for each time. */
  boolean hasDepartedEarly(ClientSession session) {
    Integer times = early.remove(session.id());
    if (times != null && times > 1) {
      early.put(session.id(), times - 1);
    }
    return times != null;
  }

  /** Returns whether the session is here. */
  boolean has(ClientSession session) {
    return subscriptions.containsKey(session.id());
  }

  /** Returns how far the session is, if it is here. */
  Optional<Standing> standing(ClientSession session) {
    return Optional.ofNullable(subscriptions.get(session.id())).map(Subscription::standing);
  }

  /** Takes the session off; returns what it had. */
  Subscription remove(ClientSession session) {
    Subscription gone = subscriptions.remove(session.id());
    if (gone == null) {
      throw new IllegalStateException(session.id() + " is not on " + name);
    }
    gone.end();
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

  /**
   * Begins to tell everybody what was published. What it returns tells {@link #WAVE} of them each
   * time, so that they are sent to before the next are looked at and their queues are still in the
   * processor's cache, and returns whether these were the last.
   */
  private BooleanSupplier tell(List<Push.Published> pushes) {
    Run run = Run.of(pushes);
    Map<Codec, List<Frame>> frames = new HashMap<>(2);
    Function<Codec, List<Frame>> encoded =
        codec ->
            frames.computeIfAbsent(
                codec, c -> pushes.stream().map(push -> encode(c, push)).toList());
    List<Runnable> deliveries = deliveries(pushes);
    Iterator<Subscription> all = subscriptions.values().iterator();
    return () -> {
      for (int told = 0; told < WAVE && all.hasNext(); told++) {
        all.next().tell(run, encoded);
      }
      if (all.hasNext()) {
        return false;
      }
      deliveries.forEach(Runnable::run);
      return true;
    };
  }

  private static Frame encode(Codec codec, Push.Published push) {
    return codec.encode(push).on(push.publication().journey());
  }

  /** Begins to follow those that are traced; what it returns ends that. */
  private List<Runnable> deliveries(List<Push.Published> pushes) {
    List<Runnable> begun = new ArrayList<>(0);
    for (Push.Published push : pushes) {
      Journey journey = push.publication().journey();
      String trace = journey == null ? null : journey.trace();
      if (trace != null) {
        begun.add(tracing.delivering(name, trace));
      }
    }
    return begun;
  }

  /** Tells some; who is not live yet is told when it is. */
  void tell(Push push, Predicate<Subscription> whom) {
    Map<Codec, Frame> frames = new HashMap<>(2);
    Function<Codec, Frame> encoded = codec -> frames.computeIfAbsent(codec, c -> c.encode(push));
    for (Subscription subscription : subscriptions.values()) {
      if (whom.test(subscription)) {
        subscription.tell(push, encoded);
      }
    }
  }
}
