package io.switchboard.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void whatCanBeReadStaysAsItIs() {
    String text = "Zoë \"Ann\" 😀 日本";
    assertSame(text, Text.printable(text));
  }

  @Test
  void whatEndsALineOrTurnsItIsWrittenOut() {
    assertEquals("a\\u000d\\u000ab", Text.printable("a\r\nb"));
    assertEquals(
        "\\u001b\\u0085\\u2028\\u202e\\u2066", Text.printable("\u001b\u0085\u2028\u202e\u2066"));
    assertEquals("\\ud83d 😀", Text.printable("\ud83d 😀"));
    assertEquals("\\u005cu000a", Text.printable("\\u000a"), "nobody writes that himself");
  }

  @Test
  void noCharacterEndsALine() {
    for (char c = 0; c < Character.MAX_VALUE; c++) {
      String printable = Text.printable("a" + c + "b");
      assertTrue(printable.lines().count() == 1 && !Text.hasControlCharacter(printable));
    }
  }
}
