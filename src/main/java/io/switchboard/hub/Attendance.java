package io.switchboard.hub;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Member;
import io.switchboard.engine.PresenceStore;
import io.switchboard.protocol.Push;
import io.switchboard.session.ClientSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes who comes to channels and goes, and tells those who want to know.
 *
 * <p>Somebody whose connection was cut off is waited for: until the grace is over it counts as
 * there, and if its user comes back by another session meanwhile, that one takes its place and
 * nobody is told anything. All methods that take a channel are called from its lane.
 */
final class Attendance {
  private static final Logger LOG = System.getLogger(Attendance.class.getName());

  private final PresenceStore store;
  private final Hub.Times times;

  /** The channels on which somebody is waited for. */
  private final Set<LocalChannel> waiting = ConcurrentHashMap.newKeySet();

  Attendance(PresenceStore store, Hub.Times times) {
    this.store = store;
    this.times = times;
  }

  /**
   * Lets a session in.
   *
   * @return whether it took the place of one that was waited for
   */
  boolean arrive(LocalChannel local, Subscription subscription) {
    ClientSession session = subscription.session;
    ClientInfo who = subscription.member.who();
    Push joined = new Push.Joined(local.name(), who, subscription.member.at());
    Optional<Member> before = Optional.empty();
    if (subscription.terms.announced()) {
      boolean first = !isThere(local, who.user());
      before = local.lingering.take(who.user());
      note(store.put(local.name(), subscription.member));
      if (before.isPresent()) {
        note(store.remove(local.name(), before.get().who().session()));
        forgetIfNobodyWaits(local);
      } else {
        local.tell(joined, other -> hears(other, first));
      }
    }
    if (subscription.terms.presence().tellsOwn()) {
      session.send(session.codec().encode(joined));
    }
    local.add(subscription);
    return before.isPresent();
  }

  /**
   * Lets a session out.
   *
   * @param expectedBack whether to wait for it
   * @return whether it is gone; if not, it will be among the {@link #overdue} or its place taken
   */
  boolean depart(LocalChannel local, ClientSession session, boolean expectedBack) {
    Subscription gone = local.remove(session);
    if (gone.terms.announced() && expectedBack && !times.grace().isZero()) {
      local.lingering.add(gone.member, times.nanos().getAsLong() + times.grace().toNanos());
      waiting.add(local);
      return false;
    }
    Push left = new Push.Left(local.name(), gone.member.who(), now());
    if (gone.terms.announced()) {
      tell(local, left, gone.member);
    }
    if (gone.terms.presence().tellsOwn()) {
      session.send(session.codec().encode(left));
    }
    return true;
  }

  /** Returns the channels that {@link #overdue} is to be asked about, for any thread. */
  Set<LocalChannel> waiting() {
    return waiting;
  }

  /** Takes leave of all who have not come back in time; returns how many. */
  int overdue(LocalChannel local) {
    List<Member> gone = local.lingering.takeOverdue(times.nanos().getAsLong());
    Instant now = now();
    for (Member member : gone) {
      tell(local, new Push.Left(local.name(), member.who(), now), member);
    }
    forgetIfNobodyWaits(local);
    return gone.size();
  }

  private void forgetIfNobodyWaits(LocalChannel local) {
    if (local.lingering.isEmpty()) {
      waiting.remove(local);
    }
  }

  private void tell(LocalChannel local, Push left, Member gone) {
    note(store.remove(local.name(), gone.who().session()));
    boolean last = !isThere(local, gone.who().user());
    local.tell(left, other -> hears(other, last));
  }

  private static boolean isThere(LocalChannel local, String user) {
    return local.hasUser(user) || local.lingering.hasUser(user);
  }

  /**
   * Returns whether {@code other} is told of a session, which may be the first or last of a user.
   */
  private static boolean hears(Subscription other, boolean firstOrLast) {
    return switch (other.terms.presence()) {
      case NONE, OWN -> false;
      case USERS -> firstOrLast;
      case SESSIONS -> true;
    };
  }

  /** Returns who is on {@code channel}, on all nodes; for any thread. */
  CompletionStage<List<Member>> members(ChannelName channel) {
    return store.members(channel);
  }

  Instant now() {
    return times.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static void note(CompletionStage<Void> noted) {
    noted.whenComplete(
        (done, error) -> {
          if (error != null) {
            LOG.log(Level.ERROR, "who is on a channel could not be noted", error);
          }
        });
  }
}
