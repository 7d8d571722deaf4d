package io.switchboard.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Names of channels, which end up in logs, keys, paths and pages. See {@code src/test/fuzz}. */
class NamesFuzzTest {
  @FuzzTest
  void names(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    ChannelName name;
    try {
      name = new ChannelName(text);
    } catch (IllegalArgumentException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith("expected "), e::toString);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(text, new String(bytes, StandardCharsets.UTF_8), "it is carried as it is");
    assertTrue(bytes.length <= ChannelName.MAX_BYTES);
    assertFalse(text.matches("(?s).*[\\p{Cntrl}\\u0085\\u2028\\u2029].*"));
    assertEquals(text, name.namespace() + ":" + name.localName());
    assertFalse(name.namespace().isEmpty() || name.localName().isBlank());
    assertEquals(name.isRoom(), name.equals(roomOrElse(name)));
  }

  private static Object roomOrElse(ChannelName name) {
    return name.namespace().equals("room") ? ChannelName.room(name.localName()) : "no room";
  }
}
