package io.switchboard.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskScannerTest {
  private static byte[] hex(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  private static String scanned(String... chunks) {
    MaskScanner scanner = new MaskScanner();
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    for (String chunk : chunks) {
      byte[] bytes = hex(chunk);
      scanner.scan(bytes, 0, bytes.length);
      seen.writeBytes(bytes);
    }
    return HexFormat.ofDelimiter(" ").formatHex(seen.toByteArray());
  }

  @Test
  void maskedFramesOfEveryLengthPassInAnyPieces() {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 70_000}) {
      frames.write(0x81);
      if (length < 126) {
        frames.write(0x80 | length);
      } else if (length < 65_536) {
        frames.writeBytes(new byte[] {(byte) 0xFE, (byte) (length >> 8), (byte) length});
      } else {
        frames.writeBytes(
            new byte[] {
              (byte) 0xFF, 0, 0, 0, 0, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length
            });
      }
      // Mask and payload hold bytes that would be unmasked headers if they were taken for such.
      frames.writeBytes(new byte[4 + length]);
    }
    byte[] sent = frames.toByteArray();
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      MaskScanner scanner = new MaskScanner();
      byte[] bytes = sent.clone();
      for (int at = 0; at < bytes.length; ) {
        int count = Math.min(bytes.length - at, 1 + random.nextInt(1 + random.nextInt(5_000)));
        scanner.scan(bytes, at, count);
        at += count;
      }
      assertArrayEquals(sent, bytes);
    }
  }

  @Test
  void anUnmaskedFrameIsSpoiledAndSoIsAllBehindIt() {
    assertEquals("f0 00 f0 00", scanned("81 02 68 69"));
    assertEquals("89 80 01 02 03 04 f0 00 f0", scanned("89 80 01 02 03 04 89 01 78"));
    assertEquals("f0 00 f0", scanned("81 00", "81"));
  }

  @Test
  void anUnmaskedFrameThatComesByteByByteIsEmptiedAndWhatFollowsSpoiled() {
    assertEquals("81 00 f0 00", scanned("81", "02", "68", "69"));
  }

  @Test
  void anAbsurdLengthIsLeftToTheContainer() {
    assertEquals(
        "81 ff ff ff ff ff ff ff ff ff 00", scanned("81 ff ff ff ff ff ff ff ff ff", "00"));
  }
}
