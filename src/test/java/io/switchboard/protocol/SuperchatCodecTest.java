package io.switchboard.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.protocol.SuperchatCommand.Sub;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SuperchatCodecTest {
  private static final ChannelName A = new ChannelName("room:a");
  private static final StreamPosition SINCE = new StreamPosition("e", 3);

  private final Json json = new Json();
  private final SuperchatCodec codec = new SuperchatCodec(json);

  private Input decode(String text) {
    return codec.decode(text.replace('\'', '"'));
  }

  @Test
  void commandsAreRead() {
    assertEquals(
        new SuperchatCommand.Connect(
            1L,
            "t",
            "cli/1",
            "Ann",
            List.of(new Sub(A, SINCE), new Sub(ChannelName.room("b"), null))),
        decode(
            "{'type':'connect','id':1,'token':'t','client':'cli/1','name':'Ann',"
                + "'subs':{'room:a':{'epoch':'e','offset':3},'room:b':null}}"));
    assertEquals(
        new SuperchatCommand.Connect(1L, null, null, null, List.of()),
        decode("{'type':'connect','id':1}"));
    assertEquals(
        new SuperchatCommand.Subscribe(2L, A, null, SINCE, true),
        decode(
            "{'type':'subscribe','id':2,'channel':'room:a','since':{'epoch':'e','offset':3},"
                + "'presence':true}"));
    assertEquals(
        new SuperchatCommand.Unsubscribe(3L, A),
        decode("{'type':'unsubscribe','id':3,'channel':'room:a'}"));
    assertEquals(
        new SuperchatCommand.Publish(4L, A, Payload.of(json.read("[1]")), "k", true),
        decode(
            "{'type':'publish','id':4,'channel':'room:a','data':[1],'key':'k','ephemeral':true}"));
    assertEquals(
        new SuperchatCommand.History(5L, A, null, 100, false),
        decode("{'type':'history','id':5,'channel':'room:a'}"));
    assertEquals(
        new SuperchatCommand.History(5L, A, SINCE, 7, true),
        decode(
            "{'type':'history','id':5,'channel':'room:a','since':{'epoch':'e','offset':3},"
                + "'limit':7,'reverse':true}"));
    assertEquals(
        new SuperchatCommand.Presence(6L, A),
        decode("{'type':'presence','id':6,'channel':'room:a'}"));
    assertEquals(
        new SuperchatCommand.Ack(A, 9), decode("{'type':'ack','channel':'room:a','offset':9}"));
    assertEquals(
        new SuperchatCommand.Refresh(7L, "t"), decode("{'type':'refresh','id':7,'token':'t'}"));
    assertEquals(new SuperchatCommand.Ping(8L), decode("{'type':'ping','id':8}"));
    assertEquals(new SuperchatCommand.Pong(), decode("{'type':'pong'}"));
  }

  @Test
  void dataMayBeNullAndMustBeThere() {
    Input published = decode("{'type':'publish','id':1,'channel':'room:a','data':null}");
    assertInstanceOf(SuperchatCommand.Publish.class, published);
  }

  private static ByteBuffer message(int length, String header, int... payload) {
    byte[] head = header.replace('\'', '"').getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer message = ByteBuffer.allocate(4 + head.length + payload.length);
    message.putInt(length).put(head);
    for (int one : payload) {
      message.put((byte) one);
    }
    return message.flip();
  }

  private static ByteBuffer message(String header, int... payload) {
    return message(header.length(), header, payload);
  }

  private static Payload bytes(int... payload) {
    return Payload.of(message(0, "", payload).position(4));
  }

  @Test
  void bytesArePublishedBehindAHeader() {
    String header = "{'type':'publish','id':4,'channel':'room:a','key':'k','ephemeral':true}";
    assertEquals(
        new SuperchatCommand.Publish(4L, A, bytes(0, 255, 10), "k", true),
        codec.decode(message(header, 0, 255, 10)));
    String bare = "{'type':'publish','id':5,'channel':'room:a'}";
    assertEquals(
        new SuperchatCommand.Publish(5L, A, bytes(), null, false), codec.decode(message(bare)));
    // Containers hand over pieces of buffers of their own.
    ByteBuffer within = ByteBuffer.allocate(200).put(0, message(bare, 1), 0, bare.length() + 5);
    assertEquals(
        new SuperchatCommand.Publish(5L, A, bytes(1), null, false),
        codec.decode(within.limit(bare.length() + 5).order(ByteOrder.LITTLE_ENDIAN)));
  }

  @Test
  void bytesMayBePublishedAsText() {
    assertEquals(
        new SuperchatCommand.Publish(4L, A, bytes(104, 105), null, false),
        decode("{'type':'publish','id':4,'channel':'room:a','data':'aGk=','encoding':'base64'}"));
  }

  @Test
  void bytesAreWrittenBehindAHeaderOrAsText() {
    Publication publication = new Publication(7, Instant.EPOCH, null, bytes(1, 2, 255), "k");
    Frame frame = codec.encode(new Push.Published(A, publication));
    String header =
        "{'type':'publication','channel':'room:a','offset':7,'at':'1970-01-01T00:00:00.000Z',"
            + "'key':'k'}";
    assertEquals(message(header, 1, 2, 255), frame.binary());
    assertEquals(4 + header.length() + 3, frame.size());
    Frame text = codec.textOnly().encode(new Push.Published(A, publication));
    assertEquals(
        json.read(
            header.replace("'key'", "'data':'AQL/','encoding':'base64','key'").replace('\'', '"')),
        json.read(text.text()));
    Frame history = codec.history(1, A, SINCE, List.of(publication));
    assertEquals(
        "AQL/",
        json.read(history.text())
            .asJsonObject()
            .getJsonArray("publications")
            .getJsonObject(0)
            .getString("data"));
  }

  @Test
  void nullIsSaidAndNotLeftOut() {
    Publication publication =
        new Publication(1, Instant.EPOCH, null, Payload.of(JsonValue.NULL), null);
    String data = "\"at\":\"1970-01-01T00:00:00.000Z\",\"data\":null}";
    assertEquals(
        "{\"type\":\"publication\",\"channel\":\"room:a\",\"offset\":1," + data,
        codec.encode(new Push.Published(A, publication)).text());
    String history = codec.history(1, A, SINCE, List.of(publication)).text();
    assertEquals("{\"offset\":1," + data + "]}", history.substring(history.indexOf("[{") + 1));
  }

  static Stream<Arguments> badBytes() {
    String ping = "{'type':'ping','id':3}";
    String publish = "{'type':'publish','id':3,'channel':'room:a'%s}";
    String data = publish.formatted(",'data':null");
    return Stream.of(
        arguments(
            message(0, "").limit(3), "header: expected 4 bytes that hold its length, got 3", null),
        arguments(
            message(0, "").limit(0), "header: expected 4 bytes that hold its length, got 0", null),
        arguments(
            message(0, "", 1, 2),
            "header: expected a length from 1 to the 2 bytes that follow, got 0",
            null),
        arguments(
            message(3, "{}"),
            "header: expected a length from 1 to the 2 bytes that follow, got 3",
            null),
        arguments(
            message(-1, "{}"),
            "header: expected a length from 1 to the 2 bytes that follow, got 4294967295",
            null),
        arguments(
            message(Integer.MAX_VALUE, "{}"),
            "header: expected a length from 1 to the 2 bytes that follow, got 2147483647",
            null),
        arguments(message("[]"), "header: expected one JSON object, got an array", null),
        arguments(message("{}"), "type: expected a string", null),
        arguments(message("{'type':'publish'}"), "id: expected a positive whole number", null),
        arguments(message("{'type':'publish','id':3}"), "channel: expected a string", 3L),
        arguments(message(ping), "type: expected publish in a message of bytes", 3L),
        arguments(message(data), "data: expected none in a header, the payload follows it", 3L),
        arguments(
            message(publish.formatted(",'encoding':'base64'")),
            "encoding: expected none in a header, the payload follows it",
            3L));
  }

  @ParameterizedTest
  @MethodSource
  void badBytes(ByteBuffer message, String problem, Long re) {
    assertEquals(new Refusal(ErrorCode.BAD_REQUEST, problem, re), codec.decode(message));
  }

  @Test
  void aHeaderThatIsNotJsonIsBadJson() {
    for (String header : List.of("{", "{}{}", "\u00ff", "")) {
      Refusal refusal =
          assertInstanceOf(Refusal.class, codec.decode(message(1 + header.length(), header + " ")));
      assertEquals(ErrorCode.BAD_JSON, refusal.code(), header);
    }
    Refusal unknown =
        assertInstanceOf(Refusal.class, codec.decode(message("{'type':'dance','id':3}")));
    assertEquals(ErrorCode.UNKNOWN_TYPE, unknown.code());
    assertEquals(3L, unknown.re());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'ping'} | | id: expected a positive whole number",
        "{'type':'ping','id':0} | | id: expected a whole number from 1 to 9223372036854775807, got"
            + " 0",
        "{'type':'ping','id':'1'} | | id: expected a whole number from 1 to 9223372036854775807,"
            + " got a string",
        "{'type':'subscribe','id':2} | 2 | channel: expected a string",
        "{'type':'subscribe','id':2,'channel':'a'} | 2 | channel: expected namespace:name, for"
            + " example room:lobby",
        "{'type':'subscribe','id':2,'channel':'room:a','since':3} | 2 | since: expected an epoch"
            + " (a string) and an offset (a whole number)",
        "{'type':'subscribe','id':2,'channel':'room:a','since':{'epoch':'e'}} | 2 | since: expected"
            + " an epoch (a string) and an offset (a whole number)",
        "{'type':'subscribe','id':2,'channel':'room:a','presence':'yes'} | 2 | presence: expected"
            + " true or false, got a string",
        "{'type':'publish','id':3,'channel':'room:a'} | 3 | data: expected any JSON value",
        "{'type':'publish','id':3,'channel':'room:a','data':1,'key':''} | 3 | key: expected 1 to"
            + " 128 characters without control characters",
        "{'type':'publish','id':3,'channel':'room:a','data':'aGk=','encoding':'hex'} | 3 |"
            + " encoding: expected base64, or none for JSON",
        "{'type':'publish','id':3,'channel':'room:a','data':'a?','encoding':'base64'} | 3 | data:"
            + " expected base64 (RFC 4648 section 4)",
        "{'type':'publish','id':3,'channel':'room:a','data':1,'encoding':'base64'} | 3 | data:"
            + " expected a string, got 1",
        "{'type':'publish','id':3,'channel':'room:a','encoding':'base64'} | 3 | data: expected a"
            + " string",
        "{'type':'history','id':4,'channel':'room:a','limit':1001} | 4 | limit: expected a whole"
            + " number from 1 to 1000, got 1001",
        "{'type':'connect','id':5,'subs':[]} | 5 | subs: expected an object, got an array",
        "{'type':'connect','id':5,'subs':{'a':null}} | 5 | subs: expected namespace:name, for"
            + " example room:lobby",
        "{'type':'connect','id':5,'subs':{'room:a':1}} | 5 | subs.room:a: expected an epoch (a"
            + " string) and an offset (a whole number)",
        "{'type':'refresh','id':6} | 6 | token: expected a string",
        "{'type':'ack','channel':'room:a'} | | offset: expected a whole number",
        "[] | | expected at least one command in the array",
        "7 | | expected a JSON object, or an array of them, got 7",
      })
  void aBadFieldIsNamedAndTheIdRepeated(String text, Long re, String message) {
    assertEquals(new Refusal(ErrorCode.BAD_REQUEST, message, re), decode(text));
  }

  @Test
  void aBatchIsReadOneByOne() {
    Batch batch =
        assertInstanceOf(
            Batch.class, decode("[{'type':'ping','id':1},{'type':'dance','id':2},[],{'id':3}]"));
    assertEquals(new SuperchatCommand.Ping(1L), batch.inputs().get(0));
    Refusal unknown = assertInstanceOf(Refusal.class, batch.inputs().get(1));
    assertEquals(ErrorCode.UNKNOWN_TYPE, unknown.code());
    assertEquals(2L, unknown.re());
    Refusal nested = assertInstanceOf(Refusal.class, batch.inputs().get(2));
    assertEquals(ErrorCode.BAD_REQUEST, nested.code());
    assertEquals(
        new Refusal(ErrorCode.BAD_REQUEST, "type: expected a string", 3L), batch.inputs().get(3));
  }
}
