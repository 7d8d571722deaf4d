package io.switchboard.boot.standalone;

import org.jspecify.annotations.Nullable;

/** The start failed for a reason that the message explains to the operator. */
public final class StartException extends RuntimeException {

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The file of API keys cannot be written. */
  static StartException keys(Throwable cause) {
    return new StartException("no key was made: " + cause, cause);
  }

  /** There is a key of that name. */
  static StartException keyThere(String name, Object file) {
    return new StartException(
        "no key was made: there is one named %s in %s; remove its line first".formatted(name, file),
        null);
  }

  /** The web application threw, or was refused by the server. */
  public static StartException application(Throwable cause) {
    return new StartException("cannot start: " + FailureMessage.of(cause), cause);
  }

  /** The host is fine and the port is not. */
  public static StartException port(Options options, Throwable cause) {
    return new StartException(
        "--port %d cannot be bound (%s); give another with --port N or SWITCHBOARD_PORT, 0 for any"
                .formatted(options.port(), FailureMessage.rootOf(cause).getMessage())
            + " free one",
        cause);
  }
}
