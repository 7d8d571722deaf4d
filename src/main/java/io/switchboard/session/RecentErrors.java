package io.switchboard.session;

import io.switchboard.protocol.Refusal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last few errors that a session was answered, for who looks after it. Safe for use by many
 * threads; takes no room until there is one.
 */
final class RecentErrors {
  /** So many are kept. */
  static final int MAX = 10;

  /** A message is kept as far as that, because clients can make them long. */
  static final int MAX_MESSAGE = 200;

  private @Nullable ArrayDeque<ClientSession.Mistake> errors;

  synchronized void add(Instant at, Refusal refusal) {
    if (errors == null) {
      errors = new ArrayDeque<>(MAX);
    }
    if (errors.size() == MAX) {
      errors.removeFirst();
    }
    String message = refusal.message();
    errors.add(
        new ClientSession.Mistake(
            at,
            refusal.code(),
            message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…"));
  }

  /** Returns them, the oldest first. */
  synchronized List<ClientSession.Mistake> all() {
    return errors == null ? List.of() : List.copyOf(errors);
  }
}
