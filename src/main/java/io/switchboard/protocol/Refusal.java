package io.switchboard.protocol;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A command that is answered with an error: an expected outcome and therefore a value.
 *
 * @param code why
 * @param message for people; names the field and says what is accepted
 * @param re the id of the command, where the subprotocol has ids and it could be read
 * @param retryAfter how long to wait before the same is tried again, where that is known
 */
public record Refusal(
    ErrorCode code, String message, @Nullable Long re, @Nullable Duration retryAfter)
    implements Input {
  /** Makes one that does not say how long to wait. */
  public Refusal(ErrorCode code, String message, @Nullable Long re) {
    this(code, message, re, null);
  }

  /** Makes one without an id. */
  public Refusal(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** Returns a copy that answers the command {@code id}. */
  public Refusal answering(@Nullable Long id) {
    return new Refusal(code, message, id, retryAfter);
  }
}
