package io.switchboard.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.channel.StreamPosition;
import io.switchboard.protocol.SuperchatCommand.Sub;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuperchatCodecTest {
  private static final ChannelName A = new ChannelName("room:a");
  private static final StreamPosition SINCE = new StreamPosition("e", 3);

  private final Json json = new Json();
  private final SuperchatCodec codec = new SuperchatCodec(json, new ChatCodec(json));

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'ping'} | | id: expected a positive whole number",
        "{'type':'ping','id':0} | | id: expected a whole number from 1 to 9223372036854775807, got 0",
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
        "{'type':'publish','id':3,'channel':'room:a','data':1,'key':''} | 3 | key: expected 1 to 128"
            + " characters without control characters",
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

  private void assertGolden(String name, Frame frame) throws IOException {
    String file = "/wire/superchat/" + name + ".json";
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(file), file)) {
      String golden = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(json.read(golden).asJsonObject().get("frame"), json.read(frame.text()));
    }
  }

  @Test
  void whatTheServerSaysByItselfIsAsInTheGoldenFrames() throws IOException {
    assertGolden("gap", codec.encode(new Push.Gap(new ChannelName("live:ticks"), 5, 9)));
    assertGolden(
        "unsubscribed-by-server",
        codec.encode(
            new Push.Unsubscribed(
                ChannelName.room("lobby"), ErrorCode.FORBIDDEN, "the server took you off", false)));
    assertGolden("drain", codec.drain(Duration.ZERO, Duration.ofSeconds(10)).orElseThrow());
  }
}
