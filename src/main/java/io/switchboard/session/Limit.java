package io.switchboard.session;

import java.util.Locale;

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

  /** Returns how it is called in metrics and documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
