package io.switchboard.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatCodecTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
  private static final ChannelName LOBBY = ChannelName.room("lobby");
  private static final ClientInfo ANN = new ClientInfo("s1", "guest-1", "Ann");

  private final Json json = new Json();
  private final ChatCodec codec = new ChatCodec(json);

  private Publication said(long offset, String text) {
    return new Publication(
        offset, AT, ANN, Payload.of(json.read("{\"text\":\"%s\"}".formatted(text))), null);
  }

  @Test
  void bytesAreAPushThatSaysHowTheyAreWritten() {
    Payload bytes = Payload.of(ByteBuffer.wrap(new byte[] {104, 105}));
    Publication publication = new Publication(1, AT, null, bytes, null);
    JsonObject push =
        json.read(codec.encode(new Push.Published(LOBBY, publication)).text()).asJsonObject();
    assertEquals("push", push.getString("type"));
    assertEquals("aGk=", push.getString("data"));
    assertEquals("base64", push.getString("encoding"));
  }

  @Test
  void commandsAreRead() {
    assertEquals(
        new ChatCommand.Join(LOBBY, "Ann", 5),
        codec.decode(
            """
            {"type":"join","room":"lobby","name":" Ann ","last":5,"unknown":[1]}\
            """));
    assertEquals(
        new ChatCommand.Join(LOBBY, null, 20),
        codec.decode(
            """
            {"type":"join","room":"lobby","name":null}\
            """));
    assertEquals(
        new ChatCommand.Join(LOBBY, null, 100),
        codec.decode(
            """
            {"type":"join","room":"lobby","last":1.00e2}\
            """));
    assertEquals(
        new ChatCommand.Say(LOBBY, " hi "),
        codec.decode(
            """
            {"type":"say","room":"lobby","text":" hi "}\
            """));
    assertEquals(new ChatCommand.Ping(), codec.decode("{\"type\":\"ping\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"join\"} | room: expected a string",
        "{\"type\":\"join\",\"room\":5} | room: expected a string, got 5",
        "{\"type\":\"join\",\"room\":\" \"} | room: expected a name that is not blank",
        "{\"type\":\"join\",\"room\":\"a\",\"last\":101} | last: expected a whole number from 0 to"
            + " 100, got 101",
        "{\"type\":\"join\",\"room\":\"a\",\"last\":-1} | last: expected a whole number from 0 to"
            + " 100, got -1",
        "{\"type\":\"join\",\"room\":\"a\",\"last\":0.5} | last: expected a whole number from 0 to"
            + " 100, got 0.5",
        "{\"type\":\"join\",\"room\":\"a\",\"last\":1e999999} | last: expected a whole number from"
            + " 0 to 100, got 1E+999999",
        "{\"type\":\"join\",\"room\":\"a\",\"last\":\"x\"} | last: expected a whole number from 0"
            + " to 100, got a string",
        "{\"type\":\"join\",\"room\":\"a\",\"name\":[]} | name: expected a string, got an array",
        "{\"type\":\"join\",\"room\":\"a\",\"name\":\"\\n\"} | name: expected 1 to 64 characters"
            + " without control characters",
        "{\"type\":\"say\",\"room\":\"a\"} | text: expected a string",
        "{\"type\":\"say\",\"room\":\"a\",\"text\":\" \"} | text: expected something to say",
        "{\"type\":\"say\",\"room\":\"a\",\"text\":\"\\ud800\"} | text: expected whole characters,"
            + " got half of a surrogate pair",
        "{\"type\":7} | type: expected a string, got 7",
        "{} | type: expected a string",
        "[] | expected one JSON object, got an array",
        "\"x\" | expected one JSON object, got a string",
      })
  void aBadFieldIsNamed(String text, String message) {
    assertEquals(new Refusal(ErrorCode.BAD_REQUEST, message), codec.decode(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{", "{} {}", "{\"type\":\"ping\"} x", "{'type':1}", "nul", "{,}"})
  void whatIsNoJsonIsSaidToBeNone(String text) {
    assertEquals(new Refusal(ErrorCode.BAD_JSON, "expected one JSON object"), codec.decode(text));
  }

  @Test
  void deepNestingIsNoJsonEither() {
    Refusal refusal =
        assertInstanceOf(Refusal.class, codec.decode("[".repeat(60_000) + "]".repeat(60_000)));
    assertEquals(ErrorCode.BAD_JSON, refusal.code());
  }

  @Test
  void anUnknownTypeIsItsOwnError() {
    Refusal refusal = assertInstanceOf(Refusal.class, codec.decode("{\"type\":\"dance\"}"));
    assertEquals(ErrorCode.UNKNOWN_TYPE, refusal.code());
  }

  @Test
  void whatIsSaidIsWrittenWithItsOffset() {
    assertEquals(
        "{\"type\":\"said\",\"room\":\"lobby\",\"user\":\"guest-1\",\"name\":\"Ann\",\"text\":\"hi\","
            + "\"at\":\"2026-01-02T03:04:05.000Z\",\"id\":42}",
        codec.encode(new Push.Published(LOBBY, said(42, "hi"))).text());
  }

  @Test
  void theServersOwnWordsHaveNoUser() {
    Publication news =
        new Publication(1, AT, null, Payload.of(json.read("{\"text\":\"hi\"}")), null);
    assertEquals(
        "{\"type\":\"said\",\"room\":\"lobby\",\"text\":\"hi\",\"at\":\"2026-01-02T03:04:05.000Z\","
            + "\"id\":1}",
        codec.encode(new Push.Published(LOBBY, news)).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"n\":1,\"x\":null}", "{\"text\":5}", "[1,2]", "null", "\"s\"", "1.50"})
  void whatIsNoChatTextIsPushedAsItIs(String data) {
    Publication publication = new Publication(1, AT, null, Payload.of(json.read(data)), null);
    assertEquals(
        "{\"type\":\"push\",\"channel\":\"room:lobby\",\"data\":%s,\"at\":\"2026-01-02T03:04:05.000Z\"}"
            .formatted(data),
        codec.encode(new Push.Published(LOBBY, publication)).text());
  }

  @Test
  void chatTextOutsideOfRoomsIsPushedToo() {
    String text = codec.encode(new Push.Published(ChannelName.user("ann"), said(1, "hi"))).text();
    assertTrue(text.startsWith("{\"type\":\"push\",\"channel\":\"user:ann\""), text);
  }

  @Test
  void historyKeepsTheNewestWhereNotAllFit() {
    List<Publication> hundred =
        IntStream.rangeClosed(1, 100).mapToObj(i -> said(i, "x".repeat(100))).toList();
    String text = codec.history(LOBBY, hundred, 5_000).orElseThrow().text();
    assertTrue(text.length() <= 5_000 && text.length() > 2_500, text);
    assertTrue(text.contains("\"id\":100}]"), text);
    assertEquals(java.util.Optional.empty(), codec.history(LOBBY, List.of(), 5_000));
  }

  @Test
  void sizesAreBytesOfUtf8() {
    assertEquals("€😀".length() + 4, Frame.of("€😀").size());
  }
}
