package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shared examples are what the protocol page lists, and each is a frame of its own kind. */
class GoldenFramesTest {

  @Test
  void everyShapeOfTheProtocolHasAnExample() {
    assertEquals(
        Set.of(
            "welcome",
            "joined",
            "left",
            "history",
            "said",
            "who",
            "push",
            "pong",
            "error",
            "bye",
            "handshake"),
        types("server"));
    assertEquals(Set.of("join", "say", "leave", "who", "ping", "handshake"), types("client"));
  }

  private static Set<String> types(String direction) {
    return Golden.all().stream()
        .filter(example -> example.direction().equals(direction))
        .map(Golden.Example::type)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("io.switchboard.wire.Golden#all")
  void everyExampleIsDescribedAndMatchesItself(Golden.Example example) {
    assertTrue(Set.of("client", "server").contains(example.direction()), example::name);
    assertFalse(example.about().isBlank(), example::name);
    assertEquals("", example.differenceFrom(example.frame()), example::name);
  }
}
