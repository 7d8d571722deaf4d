package io.switchboard.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ChannelPolicy.Action;
import io.switchboard.channel.ChannelName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantsTest {
  @ParameterizedTest
  @CsvSource({
    "room:lobby, room:lobby, true",
    "room:lobby, room:lobby2, false",
    "room:*, room:lobby, true",
    "room:eu-*, room:eu-west, true",
    "room:eu-*, room:eu-, true",
    "room:eu-*, room:us-east, false",
    "room:*, rooms:lobby, false",
    "room:Lobby, room:lobby, false"
  })
  void aPatternMeansItsChannels(String pattern, String channel, boolean meant) {
    assertEquals(meant, new ChannelPattern(pattern).matches(new ChannelName(channel)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "ro*", "room", "room:*-west", ":lobby", "room:a*b*"})
  void aPatternThatNamesNoNamespaceIsRefused(String pattern) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new ChannelPattern(pattern));
    assertTrue(String.valueOf(refused.getMessage()).contains("expected"), refused.getMessage());
  }

  @Test
  void whatIsGrantedIsGrantedForThatActionOnly() {
    Grants grants =
        new Grants(
            Set.of("editor"), Map.of(Action.PUBLISH, List.of(new ChannelPattern("push:news"))));
    assertTrue(grants.permit(Action.PUBLISH, new ChannelName("push:news")));
    assertFalse(grants.permit(Action.SUBSCRIBE, new ChannelName("push:news")));
    assertTrue(grants.has("editor"));
    assertFalse(grants.has("Editor"));
  }

  @ParameterizedTest
  @CsvSource({
    "speak, room:*, 'expected subscribe, publish, history or presence, got speak'",
    "PUBLISH, room:*, 'expected subscribe, publish, history or presence, got PUBLISH'",
    "publish, room, 'publish: expected a channel such as room:lobby'"
  })
  void anEntryThatIsNotAcceptedIsNamed(String action, String pattern, String said) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Grants.of(Set.of(), Map.of(action, List.of(pattern))));
    assertTrue(String.valueOf(refused.getMessage()).startsWith(said), refused.getMessage());
  }
}
