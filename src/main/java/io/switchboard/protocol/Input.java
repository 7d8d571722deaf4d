package io.switchboard.protocol;

import org.jspecify.annotations.Nullable;

/** What came of a frame of a client: a command, several, or the reason why it is none. */
public sealed interface Input permits ChatCommand, SuperchatCommand, Batch, Refusal {
  /** Returns the id that an answer repeats, if there is one. */
  default @Nullable Long re() {
    return null;
  }
}
