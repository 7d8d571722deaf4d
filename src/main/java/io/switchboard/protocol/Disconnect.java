package io.switchboard.protocol;

import io.switchboard.channel.Text;
import java.time.Duration;
import java.util.Optional;

/**
 * The end of a connection, and what the client should make of it.
 *
 * @param code the close code, most often one of {@link CloseCode}
 * @param reason for people, at most 123 bytes of UTF-8 so that it fits a close frame
 * @param reconnect whether the client should come back
 */
public record Disconnect(int code, String reason, boolean reconnect) {
  /** The longest reason a close frame carries, in bytes. */
  public static final int MAX_REASON_BYTES = 123;

  /** How long a client that should come back later waits at least. */
  public static final Duration LATER = Duration.ofSeconds(2);

  public static final Disconnect GOING_AWAY = of(CloseCode.GOING_AWAY, "going away");
  public static final Disconnect UNSUPPORTED_DATA =
      of(CloseCode.UNSUPPORTED_DATA, "chat speaks text, not binary");
  public static final Disconnect CONNECT_TIMEOUT =
      of(CloseCode.CONNECT_TIMEOUT, "connect did not come within 5 s");
  public static final Disconnect UNFINISHED =
      of(CloseCode.BAD_REQUEST, "a message was begun and not finished in time");
  public static final Disconnect TOO_MANY_ERRORS =
      of(CloseCode.TOO_MANY_ERRORS, "too many bad messages");
  public static final Disconnect DRAINING = of(CloseCode.DRAINING, "this node is going down");
  public static final Disconnect RATE_LIMITED =
      of(CloseCode.RATE_LIMITED, "too many commands for too long");
  public static final Disconnect SLOW_CONSUMER = of(CloseCode.SLOW_CONSUMER, "reads too slowly");
  public static final Disconnect TOO_MANY_SESSIONS =
      of(CloseCode.CONNECTION_LIMIT, "this user has too many sessions");
  public static final Disconnect OVERLOADED = of(CloseCode.OVERLOADED, "this node is full");
  public static final Disconnect TOKEN_EXPIRED =
      of(CloseCode.TOKEN_EXPIRED, "the token has expired");
  public static final Disconnect SESSION_ENDED =
      of(CloseCode.SESSION_ENDED, "the log-in has ended");
  public static final Disconnect NO_PONG = of(CloseCode.NO_PONG, "no sign of life");

  /** Something let a client in that is not the gate: coming back would not help. */
  public static final Disconnect NO_GATE =
      new Disconnect(CloseCode.INTERNAL_ERROR.number(), "not admitted", false);

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

  /** Returns an end after which the client does as {@code code} says. */
  public static Disconnect of(CloseCode code, String reason) {
    return new Disconnect(code.number(), reason, code.next() != CloseCode.Next.NOTHING);
  }

  /** Returns the end of a connection that sent more than {@code limit} bytes in a message. */
  public static Disconnect tooBig(int limit) {
    return of(CloseCode.TOO_BIG, "a message holds at most %d bytes".formatted(limit));
  }

  /** Returns how long the client waits at least before it comes back, if it should wait. */
  public Optional<Duration> after() {
    return CloseCode.of(code)
        .filter(known -> reconnect && known.next() == CloseCode.Next.RETURN_LATER)
        .map(known -> LATER);
  }
}
