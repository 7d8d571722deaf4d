package io.switchboard.channel;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a channel's log, or something said in passing.
 *
 * @param offset its place in the log, counting from 1; 0 for an ephemeral one, which has no place
 * @param at when it was accepted, to the millisecond
 * @param publisher who published it; absent when the server did
 * @param data what it carries
 * @param key what its publisher named it, if it did
 * @param journey where it comes from, while it is told and where this node published it
 */
public record Publication(
    long offset,
    Instant at,
    @Nullable ClientInfo publisher,
    Payload data,
    @Nullable String key,
    @Nullable Journey journey) {
  /** Makes one of which is not known where it comes from. */
  public Publication(
      long offset, Instant at, @Nullable ClientInfo publisher, Payload data, @Nullable String key) {
    this(offset, at, publisher, data, key, null);
  }

  /** Returns the same on its {@code journey}. */
  public Publication on(@Nullable Journey journey) {
    return Objects.equals(journey, this.journey)
        ? this
        : new Publication(offset, at, publisher, data, key, journey);
  }

  /** Returns whether this one is delivered but never stored. */
  public boolean isEphemeral() {
    return offset == 0;
  }
}
