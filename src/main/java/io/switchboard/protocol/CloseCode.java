package io.switchboard.protocol;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why a connection ends, as the number in its Close frame (RFC 6455 section 7.4). The hundreds of
 * those above 4000 say what comes next.
 */
public enum CloseCode {
  NORMAL(1000, Next.NOTHING),
  GOING_AWAY(1001, Next.RETURN),
  PROTOCOL_ERROR(1002, Next.NOTHING),
  UNSUPPORTED_DATA(1003, Next.NOTHING),
  INVALID_TEXT(1007, Next.NOTHING),
  TOO_BIG(1009, Next.NOTHING),
  INTERNAL_ERROR(1011, Next.RETURN_LATER),
  SERVICE_RESTART(1012, Next.RETURN_LATER),
  TRY_AGAIN_LATER(1013, Next.RETURN_LATER),
  BAD_REQUEST(4000, Next.NOTHING),
  UNAUTHENTICATED(4001, Next.NOTHING),
  CONNECT_TIMEOUT(4002, Next.NOTHING),
  FORBIDDEN(4003, Next.NOTHING),
  KICKED(4004, Next.NOTHING),
  TOO_MANY_ERRORS(4006, Next.NOTHING),
  REPLACED(4008, Next.NOTHING),
  DRAINING(4100, Next.RETURN_LATER),
  SLOW_CONSUMER(4101, Next.RETURN_LATER),
  RATE_LIMITED(4102, Next.RETURN_LATER),
  CONNECTION_LIMIT(4103, Next.RETURN_LATER),
  OVERLOADED(4104, Next.RETURN_LATER),
  REBALANCE(4200, Next.RETURN),
  NO_PONG(4201, Next.RETURN),
  LOSS_DETECTED(4202, Next.RETURN),
  /** Positions that the client knows are worth nothing any more. */
  STATE_INVALID(4203, Next.RETURN),
  TOKEN_EXPIRED(4300, Next.RETURN_WITH_NEW_CREDENTIALS),
  SESSION_ENDED(4301, Next.RETURN_WITH_NEW_CREDENTIALS);

  /** What a client should do next. */
  public enum Next {
    /** Stay away: the same would happen again. */
    NOTHING,
    /** Come back at once, and recover. */
    RETURN,
    /** Come back after a while, which grows with each time. */
    RETURN_LATER,
    /** Come back when there are new credentials. */
    RETURN_WITH_NEW_CREDENTIALS
  }

  private final int number;
  private final Next next;

  CloseCode(int number, Next next) {
    this.number = number;
    this.next = next;
  }

  /** Returns the number in the Close frame. */
  public int number() {
    return number;
  }

  /** Returns what a client should do next. */
  public Next next() {
    return next;
  }

  /** Returns the code of {@code number}, if it is one of these. */
  public static Optional<CloseCode> of(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
  }
}
