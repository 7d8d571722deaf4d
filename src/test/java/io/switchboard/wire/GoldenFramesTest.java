package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
        types(Golden.all(), "server"));
    assertEquals(
        Set.of("join", "say", "leave", "who", "ping", "handshake"), types(Golden.all(), "client"));
    assertEquals(
        Set.of(
            "connected",
            "subscribed",
            "unsubscribed",
            "published",
            "history",
            "presence",
            "publication",
            "joined",
            "left",
            "refreshed",
            "expiring",
            "pong",
            "ping",
            "gap",
            "drain",
            "error",
            "bye"),
        types(Golden.superchat(), "server"));
    assertEquals(
        Set.of(
            "connect",
            "subscribe",
            "unsubscribe",
            "publish",
            "history",
            "presence",
            "ack",
            "refresh",
            "ping",
            "pong"),
        types(Golden.superchat(), "client"));
  }

  private static Set<String> types(List<Golden.Example> examples, String direction) {
    return examples.stream()
        .filter(example -> example.direction().equals(direction))
        .map(Golden.Example::type)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource({"io.switchboard.wire.Golden#all", "io.switchboard.wire.Golden#superchat"})
  void everyExampleIsDescribedAndMatchesItself(Golden.Example example) {
    assertTrue(Set.of("client", "server").contains(example.direction()), example::name);
    assertFalse(example.about().isBlank(), example::name);
    assertEquals("", example.differenceFrom(example.frame()), example::name);
  }
}
