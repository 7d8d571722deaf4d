package io.switchboard.admission;

import io.switchboard.http.Problem;

/** Hears who is not let in, to count them. Called on any thread. */
@FunctionalInterface
public interface GateMeter {
  /** Counts for nobody. */
  GateMeter NONE = problem -> {};

  /** A request for a session was refused; the problem's title says which kind of reason it was. */
  void refused(Problem problem);
}
