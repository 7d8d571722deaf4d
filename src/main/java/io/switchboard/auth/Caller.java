package io.switchboard.auth;

import java.util.Set;

/**
 * Who calls the server API.
 *
 * @param name of the key, or whose token it is; for logs
 * @param scopes what they may do
 */
public record Caller(String name, Set<Scope> scopes) {
  /** Copies the scopes. */
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Returns whether they may do what needs all of {@code needed}. */
  public boolean may(Set<Scope> needed) {
    return scopes.contains(Scope.ADMIN) || scopes.containsAll(needed);
  }
}
