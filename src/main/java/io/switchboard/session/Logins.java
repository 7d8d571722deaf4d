package io.switchboard.session;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which sessions stand on which log-in of the container. Safe for use by many threads.
 *
 * <p>A log-in may end, or get another id, while somebody who came by it is between the gate and
 * here; so the newest of these are remembered.
 */
final class Logins {
  private static final int REMEMBERED = 1_000;

  // Guarded by this, all of it.
  private final Map<String, Set<ClientSession>> sessions = new HashMap<>();
  private final Map<ClientSession, String> logins = new HashMap<>();

  /** What became of a log-in: another id, or its end. */
  private final Map<String, Optional<String>> fates =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<String>> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Notes that {@code session} stands on {@code login}; returns false if that has ended. */
  synchronized boolean add(String login, ClientSession session) {
    String now = login;
    Optional<String> fate = fates.get(now);
    while (fate != null) {
      if (fate.isEmpty()) {
        return false;
      }
      now = fate.get();
      fate = fates.get(now);
    }
    sessions.computeIfAbsent(now, id -> new LinkedHashSet<>()).add(session);
    logins.put(session, now);
    return true;
  }

  /** Forgets {@code session}. */
  synchronized void remove(ClientSession session) {
    String login = logins.remove(session);
    Set<ClientSession> others = login == null ? null : sessions.get(login);
    if (others != null && others.remove(session) && others.isEmpty()) {
      sessions.remove(login);
    }
  }

  /** Notes that a log-in has another id from now on. */
  synchronized void renamed(String before, String now) {
    fates.remove(now); // so that no way leads in a circle
    fates.put(before, Optional.of(now));
    Set<ClientSession> moved = sessions.remove(before);
    if (moved != null) {
      moved.forEach(session -> logins.put(session, now));
      sessions.computeIfAbsent(now, id -> new LinkedHashSet<>()).addAll(moved);
    }
  }

  /** Notes that a log-in has ended; returns the sessions that stand on it. */
  synchronized List<ClientSession> ended(String login) {
    fates.put(login, Optional.empty());
    Set<ClientSession> all = sessions.remove(login);
    if (all == null) {
      return List.of();
    }
    all.forEach(logins::remove);
    return List.copyOf(all);
  }

  /** Returns how many sessions stand on a log-in. */
  synchronized int size() {
    return logins.size();
  }
}
