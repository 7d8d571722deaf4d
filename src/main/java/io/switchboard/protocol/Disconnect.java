package io.switchboard.protocol;

import io.switchboard.channel.Text;

/**
 * The end of a connection, and what the client should make of it.
 *
 * <p>The hundreds of a code of ours say what comes next: 40xx do not come back, 41xx come back
 * after a while, 42xx come back now and recover, 43xx come back with new credentials.
 *
 * @param code the close code, RFC 6455 section 7.4
 * @param reason for people, at most 123 bytes of UTF-8 so that it fits a close frame
 * @param reconnect whether the client should come back
 */
public record Disconnect(int code, String reason, boolean reconnect) {
  /** The longest reason a close frame carries, in bytes. */
  public static final int MAX_REASON_BYTES = 123;

  public static final Disconnect GOING_AWAY = new Disconnect(1001, "going away", true);
  public static final Disconnect UNSUPPORTED_DATA =
      new Disconnect(1003, "chat speaks text, not binary", false);
  public static final Disconnect CONNECT_TIMEOUT =
      new Disconnect(4002, "connect did not come within 5 s", false);
  public static final Disconnect TOO_MANY_ERRORS =
      new Disconnect(4006, "too many bad messages", false);
  public static final Disconnect DRAINING = new Disconnect(4100, "this node is going down", true);
  public static final Disconnect RATE_LIMITED =
      new Disconnect(4102, "too many commands for too long", true);
  public static final Disconnect SLOW_CONSUMER = new Disconnect(4101, "reads too slowly", true);
  public static final Disconnect NO_GATE = new Disconnect(1011, "not admitted", false);
  public static final Disconnect OVERLOADED = new Disconnect(4104, "this node is full", true);
  public static final Disconnect NO_PONG = new Disconnect(4201, "no sign of life", true);

  /**
   * Checks the reason.
   *
   * @throws IllegalArgumentException if it does not fit a close frame
   */
  public Disconnect {
    if (Text.utf8Length(reason) > MAX_REASON_BYTES) {
      throw new IllegalArgumentException("a close reason holds at most 123 bytes: " + reason);
    }
  }

  /** Returns the end of a connection that sent more than {@code limit} bytes in a message. */
  public static Disconnect tooBig(int limit) {
    return new Disconnect(1009, "a message holds at most %d bytes".formatted(limit), false);
  }
}
