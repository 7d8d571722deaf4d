package io.switchboard.auth.jwt;

import java.security.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the keys by which a token can be checked. Safe for many threads; never waits. */
interface Keys {
  /**
   * Returns those that take {@code algorithm}.
   *
   * @param kid which one the token says it is; absent where it does not say
   */
  Found find(Algorithm algorithm, @Nullable String kid);

  /**
   * The answer.
   *
   * @param keys none where there is none
   * @param later whether there may be one soon, which is not known here yet
   */
  record Found(List<Key> keys, boolean later) {
    static final Found NONE = new Found(List.of(), false);
    static final Found LATER = new Found(List.of(), true);
  }
}
