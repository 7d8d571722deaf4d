package io.switchboard.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One frame as it is on the wire (RFC 6455, section 5.2), in either direction.
 *
 * <p>An immutable value. The frames that are made here are right at first; {@link #reserved},
 * {@link #unmasked}, {@link #declaring} and the like bend one thing each.
 */
final class Frame {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  /** How many bits carry the length; {@code SHORTEST} is what the RFC asks for. */
  enum Length {
    SHORTEST,
    BITS_16,
    BITS_64
  }

  private final boolean last;
  private final int reserved;
  private final int opcode;
  private final boolean masked;
  private final Length length;
  private final long declared;
  private final byte[] payload;

  private Frame(
      boolean last,
      int reserved,
      int opcode,
      boolean masked,
      Length length,
      long declared,
      byte[] payload) {
    this.last = last;
    this.reserved = reserved;
    this.opcode = opcode;
    this.masked = masked;
    this.length = length;
    this.declared = declared;
    this.payload = payload;
  }

  static Frame of(int opcode, byte[] payload) {
    return new Frame(true, 0, opcode, true, Length.SHORTEST, payload.length, payload.clone());
  }

  static Frame text(String text) {
    return of(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static Frame ping(String payload) {
    return of(PING, payload.getBytes(StandardCharsets.UTF_8));
  }

  static Frame close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return of(CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  /** A frame read from the server; {@code reserved} are the bits RSV1 to RSV3 as a number. */
  static Frame received(boolean last, int reserved, int opcode, byte[] payload) {
    return new Frame(last, reserved, opcode, false, Length.SHORTEST, payload.length, payload);
  }

  Frame opcode(int other) {
    return new Frame(last, reserved, other, masked, length, declared, payload);
  }

  Frame notLast() {
    return new Frame(false, reserved, opcode, masked, length, declared, payload);
  }

  Frame reserved(int bits) {
    return new Frame(last, bits, opcode, masked, length, declared, payload);
  }

  Frame unmasked() {
    return new Frame(last, reserved, opcode, false, length, declared, payload);
  }

  Frame length(Length encoding) {
    return new Frame(last, reserved, opcode, masked, encoding, declared, payload);
  }

  /** Says another length than the payload has. */
  Frame declaring(long bytes) {
    return new Frame(last, reserved, opcode, masked, length, bytes, payload);
  }

  boolean isLast() {
    return last;
  }

  int reserved() {
    return reserved;
  }

  int opcode() {
    return opcode;
  }

  byte[] payload() {
    return payload.clone();
  }

  boolean isControl() {
    return (opcode & 0x8) != 0;
  }

  /** The payload as text, refused when it is not UTF-8. */
  String text() {
    return utf8(payload);
  }

  /** The code of a Close frame, 1005 when it carries none. */
  int closeCode() {
    return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
  }

  String closeReason() {
    return payload.length < 2 ? "" : utf8(ByteBuffer.wrap(payload, 2, payload.length - 2));
  }

  private static String utf8(byte[] bytes) {
    return utf8(ByteBuffer.wrap(bytes));
  }

  private static String utf8(ByteBuffer bytes) {
    try {
      CharBuffer text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(bytes);
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("the server sent text that is not UTF-8", e);
    }
  }

  /** The frame as a client writes it. */
  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
    out.write((last ? 0x80 : 0) | (reserved << 4) | opcode);
    int mask = masked ? 0x80 : 0;
    if (length == Length.BITS_64 || (length == Length.SHORTEST && declared > 0xFFFF)) {
      out.write(mask | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(declared).array());
    } else if (length == Length.BITS_16 || declared > 125) {
      out.write(mask | 126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) declared).array());
    } else {
      out.write(mask | (int) declared);
    }
    if (!masked) {
      out.writeBytes(payload);
      return out.toByteArray();
    }
    byte[] key = new byte[4];
    ThreadLocalRandom.current().nextBytes(key);
    out.writeBytes(key);
    byte[] hidden = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      hidden[i] = (byte) (payload[i] ^ key[i % 4]);
    }
    out.writeBytes(hidden);
    return out.toByteArray();
  }

  @Override
  public String toString() {
    String what =
        switch (opcode) {
          case CONTINUATION -> "continuation";
          case TEXT -> "text";
          case BINARY -> "binary";
          case CLOSE -> "close " + closeCode();
          case PING -> "ping";
          case PONG -> "pong";
          default -> "opcode " + opcode;
        };
    String shown =
        opcode == TEXT ? new String(payload, StandardCharsets.UTF_8) : payload.length + " bytes";
    String cut = shown.length() > 300 ? shown.substring(0, 300) + "…" : shown;
    return String.format(
        Locale.ROOT, "[%s%s rsv=%d %s]", what, last ? "" : " (more)", reserved, cut);
  }
}
