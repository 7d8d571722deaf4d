package io.switchboard.hub;

import io.switchboard.channel.Member;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Those whose connection was cut off and who may yet come back to one channel. Touched by the
 * channel's lane only.
 */
final class Lingering {
  /** Somebody and until when to wait, in nanoseconds. */
  private record Place(Member member, long until) {}

  /** By user, those who were cut off first in front. */
  private final Map<String, Deque<Place>> users = new HashMap<>();

  boolean isEmpty() {
    return users.isEmpty();
  }

  boolean hasUser(String user) {
    return users.containsKey(user);
  }

  void add(Member member, long until) {
    users
        .computeIfAbsent(member.who().user(), user -> new ArrayDeque<>(1))
        .add(new Place(member, until));
  }

  /** Takes out the session of {@code user} that was cut off first, if there is any. */
  Optional<Member> take(String user) {
    Deque<Place> places = users.get(user);
    if (places == null) {
      return Optional.empty();
    }
    Member first = places.remove().member();
    if (places.isEmpty()) {
      users.remove(user);
    }
    return Optional.of(first);
  }

  /** Takes out all who have not come back in time. */
  List<Member> takeOverdue(long now) {
    List<Member> overdue = new ArrayList<>();
    Iterator<Deque<Place>> all = users.values().iterator();
    while (all.hasNext()) {
      Deque<Place> places = all.next();
      while (!places.isEmpty() && places.element().until() - now <= 0) {
        overdue.add(places.remove().member());
      }
      if (places.isEmpty()) {
        all.remove();
      }
    }
    return overdue;
  }
}
