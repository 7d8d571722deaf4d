package io.switchboard.transport.websocket;

/**
 * Follows the frames in what a client sends and spoils the first one that is not masked, so that a
 * container that does not look at the mask fails it as a protocol error (RFC 6455 section 5.1).
 *
 * <p>Used by one thread at a time.
 */
final class MaskScanner {
  /** Reserved bits and a continuation of nothing, of no length: no container takes this. */
  private static final byte[] SPOILED = {(byte) 0xF0, 0};

  private enum Next {
    FLAGS,
    LENGTH,
    LENGTH_BYTES,
    /** Mask and payload, in which nothing is looked at. */
    REST,
    SPOILED
  }

  private static final int MASK_BYTES = 4;

  private Next next = Next.FLAGS;
  private int lengthBytes;
  private long rest;

  /** Looks at bytes that were read, and changes them if they must not be understood. */
  void scan(byte[] bytes, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; ) {
      switch (next) {
        case FLAGS -> {
          next = Next.LENGTH;
          i++;
        }
        case LENGTH -> {
          if (bytes[i] >= 0) { // the mask bit is the sign
            if (i > offset) {
              bytes[i - 1] = SPOILED[0];
            }
            bytes[i] = SPOILED[1];
            next = Next.SPOILED;
            rest = 0;
          } else {
            length(bytes[i] & 0x7F);
          }
          i++;
        }
        case LENGTH_BYTES -> {
          rest = (rest << 8) | (bytes[i] & 0xFF);
          i++;
          if (--lengthBytes == 0) {
            rest = Math.addExact(Math.max(0, Math.min(rest, Long.MAX_VALUE / 2)), MASK_BYTES);
            next = Next.REST;
          }
        }
        case REST -> {
          long skipped = Math.min(rest, end - i);
          rest -= skipped;
          i += (int) skipped;
          if (rest == 0) {
            next = Next.FLAGS;
          }
        }
        case SPOILED -> bytes[i++] = SPOILED[(int) (rest++ & 1)];
      }
    }
  }

  private void length(int code) {
    if (code < 126) {
      rest = (long) code + MASK_BYTES;
      next = Next.REST;
    } else {
      rest = 0;
      lengthBytes = code == 126 ? 2 : 8;
      next = Next.LENGTH_BYTES;
    }
  }
}
