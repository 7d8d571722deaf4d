package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Publication;
import io.switchboard.protocol.Fields.BadField;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** The language {@code chat}: one flat JSON object in each text message, without ids. */
public final class ChatCodec implements Codec {
  /** The longest display name, in characters. */
  public static final int MAX_NAME = 64;

  /** How many past messages a joiner may ask for. */
  public static final int MAX_LAST = 100;

  /** How many past messages somebody is told who did not say how many. */
  public static final int DEFAULT_LAST = 20;

  /** A replay in one message must not be so large that no sign of life comes while it is read. */
  public static final int MAX_REPLAY_BYTES = 64 * 1024;

  /** What a message of a history needs beside its text and the room's name, about. */
  private static final int SAID_OVERHEAD = 200;

  private static final String TYPES = "join, say, leave, who, ping or handshake";

  private final Json json;

  /** Makes one that reads and writes by {@code json}. */
  public ChatCodec(Json json) {
    this.json = json;
  }

  @Override
  public String subprotocol() {
    return "chat";
  }

  @Override
  public Input decode(String text) {
    JsonValue value;
    try {
      value = json.read(text);
    } catch (JsonException e) {
      return new Refusal(ErrorCode.BAD_JSON, "expected one JSON object");
    }
    if (!(value instanceof JsonObject object)) {
      return new Refusal(
          ErrorCode.BAD_REQUEST, "expected one JSON object, got " + Fields.kind(value));
    }
    try {
      return command(new Fields(object));
    } catch (BadField e) {
      return new Refusal(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static Input command(Fields fields) throws BadField {
    String type = fields.string("type");
    return switch (type) {
      case "join" ->
          new ChatCommand.Join(
              fields.room("room"),
              fields.displayName("name", MAX_NAME).orElse(null),
              fields.optionalLong("last", 0, MAX_LAST).map(Long::intValue).orElse(DEFAULT_LAST));
      case "say" -> new ChatCommand.Say(fields.room("room"), text(fields));
      case "leave" -> new ChatCommand.Leave(fields.room("room"));
      case "who" -> new ChatCommand.Who(fields.room("room"));
      case "ping" -> new ChatCommand.Ping();
      case "handshake" -> new ChatCommand.Handshake();
      default -> new Refusal(ErrorCode.UNKNOWN_TYPE, "type: expected " + TYPES);
    };
  }

  private static String text(Fields fields) throws BadField {
    String text = fields.string("text");
    if (text.isBlank()) {
      throw new BadField("text", "expected something to say");
    }
    return text;
  }

  @Override
  public Frame encode(Push push) {
    if (push instanceof Push.Joined joined) {
      return came("joined", joined.channel(), joined.who(), joined.at());
    }
    if (push instanceof Push.Left left) {
      return came("left", left.channel(), left.who(), left.at());
    }
    if (push instanceof Push.Gap gap) {
      return failed(
          ErrorCode.UNRECOVERABLE_POSITION,
          "%s: messages %d to %d are lost".formatted(gap.channel(), gap.from(), gap.to()),
          false);
    }
    if (push instanceof Push.Unsubscribed end) {
      return failed(end.code(), end.channel() + ": " + end.reason(), end.resubscribe());
    }
    Push.Published published = (Push.Published) push;
    Optional<ChatMessage.Said> said = said(published.channel(), published.publication());
    return frame(said.isPresent() ? said.get() : pushed(published));
  }

  private Frame failed(ErrorCode code, String message, boolean retry) {
    return frame(new ChatMessage.Failed("error", code.code(), message, retry));
  }

  private Frame came(String type, ChannelName channel, ClientInfo who, java.time.Instant at) {
    return frame(new ChatMessage.Came(type, channel.localName(), who.user(), who.name(), at));
  }

  private static ChatMessage pushed(Push.Published published) {
    Publication publication = published.publication();
    return new ChatMessage.Pushed(
        "push",
        published.channel().value(),
        publication.data().value(),
        publication.data().encoding().orElse(null),
        publication.at());
  }

  private static Optional<ChatMessage.Said> said(ChannelName channel, Publication publication) {
    if (!channel.isRoom()) {
      return Optional.empty();
    }
    ClientInfo by = publication.publisher();
    return publication
        .data()
        .chatText()
        .map(
            text ->
                new ChatMessage.Said(
                    "said",
                    channel.localName(),
                    by == null ? null : by.user(),
                    by == null ? null : by.name(),
                    text,
                    publication.at(),
                    publication.isEphemeral() ? null : publication.offset()));
  }

  /**
   * Writes the chat messages among {@code publications}, oldest first; the oldest are left out
   * where all together would be larger than about {@code maxBytes}, the newest never.
   *
   * @return nothing if there is no message
   */
  public Optional<Frame> history(ChannelName room, List<Publication> publications, int maxBytes) {
    ArrayDeque<ChatMessage.Said> messages = new ArrayDeque<>();
    int bytes = 0;
    for (int i = publications.size() - 1; i >= 0 && bytes < maxBytes; i--) {
      Publication publication = publications.get(i);
      bytes += publication.data().size() + room.value().length() + SAID_OVERHEAD;
      if (bytes <= maxBytes || messages.isEmpty()) {
        said(room, publication).ifPresent(messages::addFirst);
      }
    }
    return messages.isEmpty()
        ? Optional.empty()
        : Optional.of(
            frame(new ChatMessage.History("history", room.localName(), List.copyOf(messages))));
  }

  /** Those who were brought into a room are told what was said there, as those who joined are. */
  @Override
  public Optional<Frame> subscribed(SubscriptionStart start) {
    return start.channel().isRoom()
        ? history(start.channel(), start.publications(), MAX_REPLAY_BYTES)
        : Optional.empty();
  }

  /** Writes the first message of every connection. */
  public Frame welcome(ClientInfo client, Duration heartbeat) {
    return frame(
        new ChatMessage.Welcome("welcome", client.session(), client.user(), heartbeat.toSeconds()));
  }

  /** Writes who is in a room. */
  public Frame who(ChannelName room, List<ClientInfo> members) {
    return frame(
        new ChatMessage.Who(
            "who",
            room.localName(),
            members.stream().map(m -> new ChatMessage.Member(m.user(), m.name())).toList()));
  }

  /** Writes the answer to a ping. */
  public Frame pong() {
    return frame(new ChatMessage.Pong("pong"));
  }

  /** Writes how the connection was opened. */
  public Frame handshake(HandshakeRecord handshake) {
    return frame(
        new ChatMessage.Opened(
            "handshake",
            new ChatMessage.Request(handshake.line(), handshake.requestHeaders()),
            new ChatMessage.Response(101, handshake.responseHeaders())));
  }

  @Override
  public Frame encode(Refusal refusal) {
    return failed(refusal.code(), refusal.message(), refusal.code().retry());
  }

  @Override
  public Frame encode(Disconnect end) {
    return frame(new ChatMessage.Bye("bye", end.code(), end.reason(), end.reconnect()));
  }

  private Frame frame(ChatMessage message) {
    return Frame.of(json.write(message));
  }
}
