package io.switchboard.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "room",
        "room:",
        ":lobby",
        "room: ",
        "room:a\nb",
        "room:a\u0000",
        "room:a\u2028b",
        "room:\ud800",
        "room:\udc00\ud800",
        "room:a\u0085"
      })
  void whatIsNoNameIsRefused(String value) {
    assertThrows(IllegalArgumentException.class, () -> new ChannelName(value));
  }

  @Test
  void aNameIsMeasuredInBytes() {
    assertEquals(255, Text.utf8Length(ChannelName.room("€".repeat(83) + "a").value()));
    assertThrows(IllegalArgumentException.class, () -> ChannelName.room("€".repeat(83) + "ab"));
  }

  @Test
  void theNamespaceEndsAtTheFirstColon() {
    ChannelName name = new ChannelName("room:a:b");
    assertEquals("room", name.namespace());
    assertEquals("a:b", name.localName());
    assertTrue(name.isRoom());
    assertFalse(new ChannelName("rooms:a").isRoom());
  }

  @Test
  void emojiCountFourBytes() {
    assertEquals(4, Text.utf8Length("😀"));
    assertEquals("😀", ChannelName.room("😀").localName());
  }
}
