package io.switchboard.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * The language of one subprotocol.
 *
 * <p>Stateless and safe for use by many threads.
 */
public interface Codec {
  /** Returns the subprotocol's name in {@code Sec-WebSocket-Protocol}. */
  String subprotocol();

  /** Reads one message of a client. Never throws: what cannot be read is a {@link Refusal}. */
  Input decode(String text);

  /**
   * Reads one message of bytes, where {@link #takesBinary}. Never throws: what cannot be read is a
   * {@link Refusal}.
   *
   * @throws UnsupportedOperationException where bytes are not spoken
   */
  default Input decode(ByteBuffer message) {
    throw new UnsupportedOperationException(subprotocol() + " speaks text");
  }

  /** Returns whether a client may send messages of bytes. */
  default boolean takesBinary() {
    return false;
  }

  /** Writes what happened on a channel. */
  Frame encode(Push push);

  /** Writes the answer to a command that was refused. */
  Frame encode(Refusal refusal);

  /**
   * Returns what is sent with each heartbeat, for clients that cannot see Ping frames; nothing
   * where the subprotocol has no such message.
   */
  default Optional<Frame> heartbeat() {
    return Optional.empty();
  }

  /** Returns whether several messages may be sent as one array. */
  default boolean takesArrays() {
    return false;
  }

  /** Returns whether a client must introduce itself by a command before any other. */
  default boolean needsConnect() {
    return false;
  }

  /**
   * Writes that the node is going down and that its clients should come back by other nodes, each
   * at a random moment; nothing where the subprotocol has no such message.
   *
   * @param after how long to wait at least
   * @param within how long the moments are spread over after that
   */
  default Optional<Frame> drain(Duration after, Duration within) {
    return Optional.empty();
  }

  /**
   * Writes that the application, and not the client, made it listen; nothing where the language has
   * no words for that.
   */
  default Optional<Frame> subscribed(SubscriptionStart start) {
    return Optional.empty();
  }

  /**
   * Writes that credentials end after {@code in} unless new ones are shown; nothing where the
   * language has no words for that.
   */
  default Optional<Frame> expiring(Duration in) {
    return Optional.empty();
  }

  /** Writes the last message before a close. */
  Frame encode(Disconnect end);
}
