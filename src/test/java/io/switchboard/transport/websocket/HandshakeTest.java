package io.switchboard.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.http.Percent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  @Test
  void theAcceptOfTheRfcsExample() {
    assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Handshake.accept("dGhlIHNhbXBsZSBub25jZQ=="));
  }

  @Test
  void theFirstEntryOfTheClientsListWins() {
    assertEquals(Optional.of("chat"), chosen("chat, superchat"));
    assertEquals(Optional.of("superchat"), chosen("superchat,chat"));
    assertEquals(Optional.of("superchat"), chosen("x", "superchat", "chat"));
    assertEquals(Optional.empty(), chosen("Chat", "chat2"));
  }

  private static Optional<String> chosen(String... headers) {
    return Subprotocols.choose(Subprotocols.parse(List.of(headers)).orElseThrow());
  }

  @Test
  void aListOfSubprotocolsIsAListOfTokens() {
    for (String bad : List.of("", ",", "chat,", "a b", "chat;q=1", "ch\u00e4t")) {
      assertEquals(Optional.empty(), Subprotocols.parse(List.of(bad)), bad);
    }
  }

  @Test
  void whatIsShownOfAHandshakeHoldsNoCredentials() {
    assertEquals(
        "superchat, bearer.…, bearer.…",
        Subprotocols.shown(List.of("superchat", "bearer.secret", "Bearer.SECRET")));
    assertEquals(
        "/app/chat/x",
        Percent.withoutParameters("/app;jsessionid=SECRET/chat;a=b;c/x;jsessionid=1"));
  }

  @Test
  void partsBecomeOneMessageUpToTheLimit() {
    MessageAssembler assembler = new MessageAssembler(10);
    assertEquals(Optional.of("whole"), assembler.add("whole", true));
    assertEquals(Optional.empty(), assembler.add("pa", false));
    assertEquals(Optional.empty(), assembler.add("r", false));
    assertEquals(Optional.of("parts"), assembler.add("ts", true));
    assertEquals(Optional.of("again"), assembler.add("again", true));
    assertTrue(assembler.count(4, false));
    assertTrue(assembler.count(6, true));
    assertTrue(assembler.count(10, false));
    assertFalse(assembler.count(1, false));
  }

  @Test
  void partsAreMeasuredInBytes() {
    assertEquals(1 + 2 + 3 + 4, MessageAssembler.utf8Length("aé€😀"));
    assertEquals(4, MessageAssembler.utf8Length("\ud83d") + MessageAssembler.utf8Length("\ude00"));
  }
}
