package io.switchboard.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A command that is answered with an error: an expected outcome and therefore a value.
 *
 * @param code why
 * @param message for people; names the field and says what is accepted
 * @param re the id of the command, where the subprotocol has ids and it could be read
 */
public record Refusal(ErrorCode code, String message, @Nullable Long re) implements Input {
  /** Makes one without an id. */
  public Refusal(ErrorCode code, String message) {
    this(code, message, null);
  }
}
