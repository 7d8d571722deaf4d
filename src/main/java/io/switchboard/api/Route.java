package io.switchboard.api;

import io.switchboard.auth.Scope;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What answers one method on one path.
 *
 * @param needs the scopes of a caller, all of them; empty for what needs no key
 * @param path for example <code>/users/{user}/push</code>; a part in braces may hold slashes
 */
record Route(Set<Scope> needs, String method, String path, Answer answer) {
  /** Answers a call. Must not wait; the stage may complete on any thread. */
  @FunctionalInterface
  interface Answer {
    CompletionStage<Reply> to(Call call) throws Refused;
  }
}
