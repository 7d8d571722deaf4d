package io.switchboard.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.channel.StreamPosition;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What clients say. Nothing throws; what is accepted can be said again and means the same; what is
 * not names a field, or says what was expected. See {@code src/test/fuzz}.
 */
class CommandsFuzzTest {
  private static final JsonProvider PROVIDER = JsonProvider.provider();
  private static final Json JSON = new Json();
  private static final ChatCodec CHAT = new ChatCodec(JSON);
  private static final SuperchatCodec SUPERCHAT = new SuperchatCodec(JSON);

  private static final Set<ErrorCode> SAID =
      EnumSet.of(
          ErrorCode.BAD_JSON, ErrorCode.BAD_REQUEST, ErrorCode.UNKNOWN_TYPE, ErrorCode.TOO_LARGE);

  /** {@code subs} may name a channel, of any characters. */
  private static final Pattern WORDS = Pattern.compile("(?s)([a-z.]+(\\..*)?: )?expected .{3,}");

  @FuzzTest
  void chat(byte[] bytes) {
    Input input = CHAT.decode(new String(bytes, StandardCharsets.UTF_8));
    if (input instanceof Refusal refusal) {
      assertHelpful(refusal, CHAT);
      return;
    }
    assertEquals(input, CHAT.decode(said((ChatCommand) input).toString()));
  }

  @FuzzTest
  void superchat(byte[] bytes) {
    Input input = SUPERCHAT.decode(new String(bytes, StandardCharsets.UTF_8));
    if (input instanceof Batch batch) {
      batch.inputs().forEach(CommandsFuzzTest::assertSound);
    } else {
      assertSound(input);
    }
  }

  @FuzzTest
  void superchatBytes(byte[] bytes) {
    ByteBuffer message = ByteBuffer.wrap(bytes);
    Input input = SUPERCHAT.decode(message);
    assertEquals(bytes.length, message.remaining(), "the container's buffer is left alone");
    if (input instanceof SuperchatCommand.Publish publish) {
      Payload.OfBytes payload = (Payload.OfBytes) publish.data();
      assertTrue(payload.size() <= bytes.length - 4);
      byte[] tail = new byte[payload.size()];
      message.position(bytes.length - tail.length).get(tail);
      assertEquals(ByteBuffer.wrap(tail), payload.bytes());
    }
    assertSound(input);
  }

  private static void assertSound(Input input) {
    if (input instanceof Refusal refusal) {
      assertHelpful(refusal, SUPERCHAT);
      return;
    }
    SuperchatCommand command = (SuperchatCommand) input;
    assertTrue(command.id() == null || command.id() > 0);
    assertEquals(command, SUPERCHAT.decode(said(command).toString()));
  }

  private static void assertHelpful(Refusal refusal, Codec codec) {
    assertTrue(SAID.contains(refusal.code()), refusal::toString);
    assertTrue(WORDS.matcher(refusal.message()).matches(), refusal::toString);
    assertTrue(refusal.message().length() < 1_000, "what was sent is not sent back");
    JsonObject told = (JsonObject) JSON.read(codec.encode(refusal).text());
    assertEquals("error", told.getString("type"));
    assertEquals(refusal.message(), told.getString("message"));
  }

  private static JsonObject said(ChatCommand command) {
    JsonObjectBuilder object = PROVIDER.createObjectBuilder();
    if (command instanceof ChatCommand.Join join) {
      add(object.add("type", "join").add("last", join.last()), "name", join.name());
      object.add("room", join.room().localName());
    } else if (command instanceof ChatCommand.Say say) {
      object.add("type", "say").add("room", say.room().localName()).add("text", say.text());
    } else if (command instanceof ChatCommand.Leave leave) {
      object.add("type", "leave").add("room", leave.room().localName());
    } else if (command instanceof ChatCommand.Who who) {
      object.add("type", "who").add("room", who.room().localName());
    } else {
      object.add("type", command instanceof ChatCommand.Ping ? "ping" : "handshake");
    }
    return object.build();
  }

  private static JsonObject said(SuperchatCommand command) {
    JsonObjectBuilder object = PROVIDER.createObjectBuilder();
    if (command.id() != null) {
      object.add("id", command.id());
    }
    if (command instanceof SuperchatCommand.Connect connect) {
      object.add("type", "connect");
      add(object, "token", connect.token());
      add(object, "client", connect.client());
      add(object, "name", connect.name());
      JsonObjectBuilder subs = PROVIDER.createObjectBuilder();
      connect.subs().forEach(sub -> subs.add(sub.channel().value(), position(sub.since())));
      object.add("subs", subs);
    } else if (command instanceof SuperchatCommand.Subscribe subscribe) {
      on(object, "subscribe", subscribe.channel())
          .add("since", position(subscribe.since()))
          .add("presence", subscribe.presence());
      add(object, "token", subscribe.token());
    } else if (command instanceof SuperchatCommand.Unsubscribe unsubscribe) {
      on(object, "unsubscribe", unsubscribe.channel());
    } else if (command instanceof SuperchatCommand.Publish publish) {
      on(object, "publish", publish.channel())
          .add("data", publish.data().value())
          .add("ephemeral", publish.ephemeral());
      add(object, "key", publish.key());
      publish.data().encoding().ifPresent(encoding -> object.add("encoding", encoding));
    } else if (command instanceof SuperchatCommand.History history) {
      on(object, "history", history.channel())
          .add("since", position(history.since()))
          .add("limit", history.limit())
          .add("reverse", history.reverse());
    } else if (command instanceof SuperchatCommand.Presence presence) {
      on(object, "presence", presence.channel());
    } else if (command instanceof SuperchatCommand.Ack ack) {
      on(object, "ack", ack.channel()).add("offset", ack.offset());
    } else if (command instanceof SuperchatCommand.Refresh refresh) {
      object.add("type", "refresh").add("token", refresh.token());
    } else {
      object.add("type", command instanceof SuperchatCommand.Ping ? "ping" : "pong");
    }
    return object.build();
  }

  private static JsonObjectBuilder on(JsonObjectBuilder object, String type, ChannelName channel) {
    return object.add("type", type).add("channel", channel.value());
  }

  private static void add(JsonObjectBuilder object, String name, @Nullable String value) {
    if (value != null) {
      object.add(name, value);
    }
  }

  private static JsonValue position(@Nullable StreamPosition position) {
    return position == null
        ? JsonValue.NULL
        : PROVIDER
            .createObjectBuilder()
            .add("epoch", position.epoch())
            .add("offset", position.offset())
            .build();
  }
}
