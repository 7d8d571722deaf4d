package io.switchboard.api;

import java.util.concurrent.CompletionStage;

/**
 * What answers one method on one path.
 *
 * @param path for example <code>/users/{user}/push</code>; a part in braces may hold slashes
 */
record Route(String method, String path, Answer answer) {
  /** Answers a call. Must not wait; the stage may complete on any thread. */
  @FunctionalInterface
  interface Answer {
    CompletionStage<Reply> to(Call call) throws Refused;
  }
}
