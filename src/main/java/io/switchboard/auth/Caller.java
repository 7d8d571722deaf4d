package io.switchboard.auth;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls the server API.
 *
 * @param name of the key, or whose token it is; for logs
 * @param scopes what they may do
 * @param expires until when; absent where there is no end
 */
public record Caller(String name, Set<Scope> scopes, @Nullable Instant expires) {
  /** Makes one without an end. */
  public Caller(String name, Set<Scope> scopes) {
    this(name, scopes, null);
  }

  /** Copies the scopes. */
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Returns whether they may do what needs all of {@code needed}. */
  public boolean may(Set<Scope> needed) {
    return scopes.contains(Scope.ADMIN) || scopes.containsAll(needed);
  }
}
