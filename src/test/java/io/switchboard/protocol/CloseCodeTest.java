package io.switchboard.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.protocol.CloseCode.Next;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseCodeTest {
  @Test
  void theseAreTheCodesOfTheProtocol() {
    assertEquals(
        List.of(
            1000, 1001, 1002, 1003, 1007, 1009, 1011, 1012, 1013, 4000, 4001, 4002, 4003, 4004,
            4006, 4008, 4100, 4101, 4102, 4103, 4104, 4200, 4201, 4202, 4203, 4300, 4301),
        Arrays.stream(CloseCode.values()).map(CloseCode::number).toList());
  }

  @ParameterizedTest
  @EnumSource
  void theHundredsSayWhatComesNext(CloseCode code) {
    Next next =
        Map.of(
                40, Next.NOTHING,
                41, Next.RETURN_LATER,
                42, Next.RETURN,
                43, Next.RETURN_WITH_NEW_CREDENTIALS)
            .getOrDefault(code.number() / 100, code.next());
    assertEquals(next, code.next());
    Disconnect end = Disconnect.of(code, "because");
    assertEquals(next != Next.NOTHING, end.reconnect());
    assertEquals(next == Next.RETURN_LATER, end.after().isPresent());
    assertEquals(Optional.of(code), CloseCode.of(end.code()));
  }

  @Test
  void aCodeOfAnApplicationStandsForItself() {
    assertEquals(Optional.empty(), CloseCode.of(4999));
    assertEquals(Optional.empty(), new Disconnect(4999, "", true).after());
    assertFalse(Disconnect.NO_GATE.reconnect());
    assertEquals(Optional.empty(), Disconnect.NO_GATE.after());
  }

  @Test
  void aReasonMustFit() {
    String fits = "é".repeat(61) + "x";
    assertTrue(Disconnect.of(CloseCode.KICKED, fits).reason().endsWith("x"));
    assertThrows(IllegalArgumentException.class, () -> Disconnect.of(CloseCode.KICKED, fits + "x"));
  }

  @Test
  void theseAreTheErrorsOfTheProtocolAndThoseThatPass() {
    assertEquals(
        Set.of(
            "bad-json",
            "bad-request",
            "unknown-type",
            "unauthenticated",
            "forbidden",
            "unknown-channel",
            "already-subscribed",
            "not-subscribed",
            "not-joined",
            "limit-exceeded",
            "rate-limited",
            "too-large",
            "token-expired",
            "unrecoverable-position",
            "unavailable",
            "internal"),
        Arrays.stream(ErrorCode.values()).map(ErrorCode::code).collect(Collectors.toSet()));
    assertEquals(
        Set.of("rate-limited", "unavailable", "internal"),
        Arrays.stream(ErrorCode.values())
            .filter(ErrorCode::retry)
            .map(ErrorCode::code)
            .collect(Collectors.toSet()));
  }
}
