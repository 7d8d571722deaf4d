package io.switchboard.engine;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Text;

/**
 * What must happen to sessions, on whichever nodes they are. A {@link ControlBus} carries it.
 *
 * <p>Its constructors check what an application says, with {@link IllegalArgumentException}s that
 * name the field and what it accepts.
 */
public sealed interface Order {
  /** The code of a disconnect for which none is given: kicked. */
  int KICKED = 4004;

  /** The reason for which none is given. */
  String NO_REASON = "by the application";

  /** The lowest code that an application may give. */
  int MIN_CODE = 4000;

  /** The highest code that an application may give. */
  int MAX_CODE = 4399;

  /** The longest reason, in bytes of UTF-8: what fits a close frame (RFC 6455 section 5.5). */
  int MAX_REASON_BYTES = 123;

  /** Close all sessions of {@code user}. */
  record DisconnectUser(String user, int code, String reason) implements Order {
    /** Checks all fields. */
    public DisconnectUser {
      checkUser(user);
      check(code, reason);
    }
  }

  /** Close one session. */
  record DisconnectSession(String session, int code, String reason) implements Order {
    /** Checks the code and the reason. */
    public DisconnectSession {
      check(code, reason);
    }
  }

  /**
   * Let all sessions that {@code user} has now listen on {@code channel}, whatever the channel's
   * namespace lets clients do.
   */
  record Subscribe(String user, ChannelName channel) implements Order {
    /** Checks the user. */
    public Subscribe {
      checkUser(user);
    }
  }

  /**
   * Let no session of {@code user} listen on {@code channel} any more.
   *
   * @param resubscribe whether clients should subscribe again
   */
  record Unsubscribe(String user, ChannelName channel, String reason, boolean resubscribe)
      implements Order {
    /** Checks the user and the reason. */
    public Unsubscribe {
      checkUser(user);
      checkReason(reason);
    }
  }

  /** Returns whether a client should come back after {@code code}: all but 40xx say so. */
  static boolean comesBack(int code) {
    return code >= 4100;
  }

  private static void checkUser(String user) {
    try {
      ChannelName.user(user);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("user: " + e.getMessage(), e);
    }
  }

  private static void check(int code, String reason) {
    if (code < MIN_CODE || code > MAX_CODE) {
      throw new IllegalArgumentException(
          "code: expected 4000 to 4099 (do not come back), 4100 to 4199 (come back after a while),"
              + " 4200 to 4299 (come back now) or 4300 to 4399 (come back with new credentials),"
              + " got "
              + code);
    }
    checkReason(reason);
  }

  private static void checkReason(String reason) {
    if (!Text.isWellFormed(reason)
        || Text.hasControlCharacter(reason)
        || Text.utf8Length(reason) > MAX_REASON_BYTES) {
      throw new IllegalArgumentException(
          "reason: expected at most %d bytes of UTF-8 without control characters"
              .formatted(MAX_REASON_BYTES));
    }
  }
}
