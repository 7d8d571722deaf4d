package io.switchboard.session;

import io.switchboard.protocol.CloseCode;
import java.util.Locale;
import java.util.Optional;

/** A limit at which somebody may be refused, so that nobody else has less. */
public enum Limit {
  /** Handshakes per second from one address. */
  HANDSHAKE_RATE,
  /** Connections from one address. */
  CONNECTIONS_PER_ADDRESS,
  /** Connections of this node. */
  CONNECTIONS,
  /** Sessions of one user. */
  SESSIONS_PER_USER,
  /** Bytes of a message of a client. */
  MESSAGE_SIZE,
  /** Channels of a session. */
  CHANNELS,
  /** Commands per second of a session. */
  COMMAND_RATE,
  /** Bad messages of a session. */
  BAD_MESSAGES,
  /** Subscriptions per second that a session may be refused. */
  SUBSCRIBE_ATTEMPTS,
  /** Publications per second of a session in a namespace. */
  PUBLISH_RATE,
  /** Publications per second on a channel. */
  CHANNEL_RATE,
  /** What waits for a slow reader. */
  QUEUE,
  /** Bytes of a body of the server API. */
  BODY_SIZE,
  /** Wrong API keys per second from one address. */
  KEY_GUESSES;

  /** Returns the limit at which a session was closed with {@code code}, if it was at one. */
  static Optional<Limit> closingWith(int code) {
    return CloseCode.of(code).flatMap(Limit::closingWith);
  }

  private static Optional<Limit> closingWith(CloseCode code) {
    return switch (code) {
      case TOO_BIG -> Optional.of(MESSAGE_SIZE);
      case TOO_MANY_ERRORS -> Optional.of(BAD_MESSAGES);
      case SLOW_CONSUMER -> Optional.of(QUEUE);
      case CONNECTION_LIMIT -> Optional.of(SESSIONS_PER_USER);
      default -> Optional.empty(); // no limit, or one that is counted elsewhere
    };
  }

  /** Returns how it is called in metrics and documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
