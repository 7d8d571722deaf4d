package io.switchboard.transport.websocket;

import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * One connection of the {@link Bench}: what is said comes back, and {@code {"type":"ping"}} makes
 * the server send a Ping frame and tell how long its Pong took. The container calls one method at a
 * time.
 */
final class BenchConnection {
  private static final Pattern PING =
      Pattern.compile("\\s*\\{\\s*\"type\"\\s*:\\s*\"ping\"\\s*}\\s*");

  private final Session session;
  private final MessageAssembler assembler;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final long since;
  private byte[] asked = {};
  private long askedAt;

  BenchConnection(
      Session session, int maxMessage, LongSupplier nanos, RandomGenerator random, long since) {
    this.session = session;
    this.assembler = new MessageAssembler(maxMessage);
    this.nanos = nanos;
    this.random = random;
    this.since = since;
  }

  Session session() {
    return session;
  }

  /** Returns when it began, in nanoseconds of a monotonic clock. */
  long since() {
    return since;
  }

  /** Takes a part of a text message; returns false if it is too much. */
  boolean text(String part, boolean last) throws IOException {
    if (!assembler.count(MessageAssembler.utf8Length(part), last)) {
      return false;
    }
    String text = assembler.add(part, last).orElse(null);
    if (text == null) {
      return true;
    }
    if (PING.matcher(text).matches()) {
      ping();
    } else {
      session.getBasicRemote().sendText(text);
    }
    return true;
  }

  /** Takes a part of a message of bytes; returns false if it is too much. */
  boolean binary(ByteBuffer part, boolean last) throws IOException {
    if (!assembler.count(part.remaining(), last)) {
      return false;
    }
    ByteBuffer message = assembler.add(part, last).orElse(null);
    if (message != null) {
      session.getBasicRemote().sendBinary(message);
    }
    return true;
  }

  private void ping() throws IOException {
    byte[] nonce = new byte[Long.BYTES];
    random.nextBytes(nonce);
    asked = nonce;
    askedAt = nanos.getAsLong();
    session.getBasicRemote().sendPing(ByteBuffer.wrap(nonce));
  }

  /** Takes a Pong. */
  void pong(byte[] payload) throws IOException {
    if (asked.length > 0 && Arrays.equals(payload, asked)) {
      long micros = (nanos.getAsLong() - askedAt) / 1_000;
      asked = new byte[0];
      session.getBasicRemote().sendText("{\"type\":\"pong\",\"micros\":%d}".formatted(micros));
    }
  }
}
