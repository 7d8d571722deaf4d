package io.switchboard.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What lets somebody in: who they are, and how long that holds.
 *
 * @param expires until when it holds; absent where it does not end by itself
 * @param login the id of the container's log-in that it stands on, with which it ends; absent where
 *     there is none
 * @param tokenNeeded whether it is worth nothing until a token was shown: the identity is made up,
 *     and no guest's
 */
public record Pass(
    Identity identity, @Nullable Instant expires, @Nullable String login, boolean tokenNeeded) {
  /** Makes one that holds until the session ends. */
  public Pass(Identity identity) {
    this(identity, null);
  }

  /** Makes one that holds until {@code expires}. */
  public Pass(Identity identity, @Nullable Instant expires) {
    this(identity, expires, null, false);
  }
}
