package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code superchat} subprotocol before it is there: negotiated, and honest about it. */
class SuperchatIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"connect\",\"id\":1}",
        "{\"type\":\"subscribe\",\"id\":2,\"channel\":\"room:lobby\"}",
        "{\"type\":\"publish\",\"id\":3,\"channel\":\"room:lobby\",\"data\":{\"text\":\"hi\"}}",
        "{\"type\":\"history\",\"id\":4,\"channel\":\"room:lobby\"}",
        "{\"type\":\"presence\",\"id\":5,\"channel\":\"room:lobby\"}",
        "{\"type\":\"unsubscribe\",\"id\":6,\"channel\":\"room:lobby\"}",
        "{\"type\":\"refresh\",\"id\":7,\"token\":\"x\"}",
        "{\"type\":\"ping\",\"id\":2147483647}",
      })
  void everyCommandIsAnsweredAsUnavailable(String command) {
    RawWebSocket socket = websocket(handshake().offering("superchat"));
    socket.send(Frame.text(command));
    JsonObject error = socket.nextJson();
    assertEquals("error", error.getString("type"), error::toString);
    assertEquals("unavailable", error.getString("code"), error::toString);
    assertTrue(error.getBoolean("retry"), error::toString);
    assertFalse(error.getString("message").isBlank(), error::toString);
    String id = command.replaceFirst(".*\"id\":(\\d+).*", "$1");
    assertEquals(Integer.parseInt(id), error.getInt("re"), error::toString);
  }

  @Test
  void aCommandWithoutAnIdIsAnsweredWithoutOne() {
    RawWebSocket socket = websocket(handshake().offering("superchat"));
    socket.send(Frame.text("{\"type\":\"ack\",\"channel\":\"room:lobby\",\"offset\":1}"));
    JsonObject error = socket.nextJson();
    assertEquals("unavailable", error.getString("code"), error::toString);
    assertFalse(error.containsKey("re"), error::toString);
  }

  @Test
  void aBatchIsAnsweredOneByOneAndMistakesAreNamed() {
    RawWebSocket socket = websocket(handshake().offering("superchat"));
    socket.send(
        Frame.text(
            "[{\"type\":\"ping\",\"id\":1},{\"type\":\"dance\",\"id\":2},"
                + "{\"type\":\"subscribe\",\"id\":3,\"channel\":\"lobby\"}]"));
    String[] codes = {"unavailable", "unknown-type", "bad-request"};
    for (int id = 1; id <= 3; id++) {
      JsonObject error = socket.nextJson();
      assertEquals(codes[id - 1], error.getString("code"), error::toString);
      assertEquals(id, error.getInt("re"), error::toString);
    }
  }

  @Test
  void nothingIsSentBeforeTheFirstCommand() {
    RawWebSocket socket = websocket(handshake().offering("superchat, chat"));
    socket.send(Frame.ping("barrier"));
    assertEquals(Frame.PONG, socket.readFrame().opcode());
  }

  @Test
  void whatIsNotJsonIsAnErrorAndNotAClose() {
    RawWebSocket socket = websocket(handshake().offering("superchat"));
    socket.send(Frame.text("{"));
    JsonObject error = socket.nextJson();
    assertEquals("bad-json", error.getString("code"), error::toString);
    socket.send(Frame.text("{\"type\":\"ping\",\"id\":1}"));
    assertEquals(1, socket.nextJson().getInt("re"));
  }
}
