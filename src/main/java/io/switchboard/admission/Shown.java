package io.switchboard.admission;

import io.switchboard.auth.Pass;
import io.switchboard.http.Problem;
import java.util.Optional;

/** What the credentials of a request are worth. */
public sealed interface Shown {
  /** Nothing; {@code problem} says why. */
  record Refused(Problem problem) implements Shown {}

  /** They let somebody in. */
  record Good(Pass pass) implements Shown {}

  /** A ticket that was good when it was looked at, and is not used up. */
  record Ticket(String ticket) implements Shown {
    @Override
    public String toString() {
      return "Ticket[…]";
    }
  }

  /** Returns why they are not good enough. */
  default Optional<Problem> refusal() {
    return this instanceof Refused refused ? Optional.of(refused.problem()) : Optional.empty();
  }
}
