package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Member;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.protocol.Fields.BadField;
import io.switchboard.protocol.SuperchatCommand.Sub;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The language {@code superchat}: one JSON object, or an array of them, in each text message.
 *
 * <p>Stateless; bytes and new credentials are not spoken yet.
 */
public final class SuperchatCodec implements Codec {
  /** The longest key of a publication, in characters. */
  public static final int MAX_KEY = 128;

  /** The longest name a client gives itself, in characters. */
  static final int MAX_CLIENT = 128;

  /** How many publications a history answers at most. */
  public static final int MAX_LIMIT = 1_000;

  /** How many publications a history answers where that is not said. */
  public static final int DEFAULT_LIMIT = 100;

  private static final String TYPES =
      "connect, subscribe, unsubscribe, publish, history, presence, ack, refresh, ping or pong";

  private final Json json;
  private final ChatCodec chat;
  private final Frame ping;

  /** Makes one that shares the shapes of {@code error} and {@code bye} with {@code chat}. */
  public SuperchatCodec(Json json, ChatCodec chat) {
    this.json = json;
    this.chat = chat;
    this.ping = frame(json, new SuperchatMessage.Sign("ping", null));
  }

  @Override
  public String subprotocol() {
    return "superchat";
  }

  @Override
  public Input decode(String text) {
    JsonValue value;
    try {
      value = json.read(text);
    } catch (JsonException e) {
      return new Refusal(ErrorCode.BAD_JSON, "expected a JSON object, or an array of them");
    }
    if (!(value instanceof JsonArray array)) {
      return command(value);
    }
    if (array.isEmpty()) {
      return new Refusal(ErrorCode.BAD_REQUEST, "expected at least one command in the array");
    }
    return new Batch(array.stream().map(SuperchatCodec::command).toList());
  }

  private static Input command(JsonValue value) {
    if (!(value instanceof JsonObject object)) {
      return new Refusal(
          ErrorCode.BAD_REQUEST,
          "expected a JSON object, or an array of them, got " + Fields.kind(value));
    }
    Fields fields = new Fields(object);
    Long id = null;
    try {
      id = fields.optionalLong("id", 1, Long.MAX_VALUE).orElse(null);
      return command(fields, object, id);
    } catch (BadField e) {
      return new Refusal(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()), id);
    }
  }

  private static Input command(Fields fields, JsonObject object, @Nullable Long id)
      throws BadField {
    String type = fields.string("type");
    return switch (type) {
      case "connect" ->
          new SuperchatCommand.Connect(
              required(id),
              fields.optionalString("token").orElse(null),
              fields.displayName("client", MAX_CLIENT).orElse(null),
              fields.displayName("name", ChatCodec.MAX_NAME).orElse(null),
              subs(object.get("subs")));
      case "subscribe" ->
          new SuperchatCommand.Subscribe(
              required(id),
              fields.channel("channel"),
              fields.optionalString("token").orElse(null),
              position("since", object.get("since")),
              fields.optionalBoolean("presence").orElse(false));
      case "unsubscribe" ->
          new SuperchatCommand.Unsubscribe(required(id), fields.channel("channel"));
      case "publish" ->
          new SuperchatCommand.Publish(
              required(id),
              fields.channel("channel"),
              data(object.get("data")),
              fields.displayName("key", MAX_KEY).orElse(null),
              fields.optionalBoolean("ephemeral").orElse(false));
      case "history" ->
          new SuperchatCommand.History(
              required(id),
              fields.channel("channel"),
              position("since", object.get("since")),
              fields.optionalLong("limit", 1, MAX_LIMIT).map(Long::intValue).orElse(DEFAULT_LIMIT),
              fields.optionalBoolean("reverse").orElse(false));
      case "presence" -> new SuperchatCommand.Presence(required(id), fields.channel("channel"));
      case "ack" ->
          new SuperchatCommand.Ack(
              fields.channel("channel"),
              fields
                  .optionalLong("offset", 0, Long.MAX_VALUE)
                  .orElseThrow(() -> new BadField("offset", "expected a whole number")));
      case "refresh" -> new SuperchatCommand.Refresh(required(id), fields.string("token"));
      case "ping" -> new SuperchatCommand.Ping(required(id));
      case "pong" -> new SuperchatCommand.Pong();
      default -> new Refusal(ErrorCode.UNKNOWN_TYPE, "type: expected " + TYPES, id);
    };
  }

  private static Long required(@Nullable Long id) throws BadField {
    if (id == null) {
      throw new BadField("id", "expected a positive whole number");
    }
    return id;
  }

  private static Payload data(@Nullable JsonValue value) throws BadField {
    if (value == null) {
      throw new BadField("data", "expected any JSON value");
    }
    try {
      return Payload.of(value);
    } catch (IllegalArgumentException e) {
      throw new BadField("data", "expected whole characters, got " + e.getMessage());
    }
  }

  private static List<Sub> subs(@Nullable JsonValue value) throws BadField {
    if (value == null || value.getValueType() == JsonValue.ValueType.NULL) {
      return List.of();
    }
    if (!(value instanceof JsonObject object)) {
      throw new BadField("subs", "expected an object, got " + Fields.kind(value));
    }
    List<Sub> subs = new ArrayList<>();
    for (Map.Entry<String, JsonValue> entry : object.entrySet()) {
      try {
        ChannelName channel = new ChannelName(entry.getKey());
        subs.add(new Sub(channel, position("subs." + channel, entry.getValue())));
      } catch (IllegalArgumentException e) {
        throw new BadField("subs", String.valueOf(e.getMessage()));
      }
    }
    return subs;
  }

  private static @Nullable StreamPosition position(String name, @Nullable JsonValue value)
      throws BadField {
    if (value == null || value.getValueType() == JsonValue.ValueType.NULL) {
      return null;
    }
    if (value instanceof JsonObject object) {
      Fields fields = new Fields(object);
      Optional<String> epoch = fields.displayName("epoch", MAX_KEY);
      Optional<Long> offset = fields.optionalLong("offset", 0, Long.MAX_VALUE);
      if (epoch.isPresent() && offset.isPresent()) {
        return new StreamPosition(epoch.get(), offset.get());
      }
    }
    throw new BadField(name, "expected an epoch (a string) and an offset (a whole number)");
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
      return frame(new SuperchatMessage.Gap("gap", gap.channel().value(), gap.from(), gap.to()));
    }
    if (push instanceof Push.Unsubscribed end) {
      return frame(
          new SuperchatMessage.Unsubscribed(
              "unsubscribed",
              null,
              end.channel().value(),
              end.code().code(),
              end.reason(),
              end.resubscribe()));
    }
    Push.Published published = (Push.Published) push;
    Publication publication = published.publication();
    ClientInfo by = publication.publisher();
    return frame(
        new SuperchatMessage.Publication(
            "publication",
            published.channel().value(),
            publication.isEphemeral() ? null : publication.offset(),
            publication.at(),
            by == null ? null : by.user(),
            by == null ? null : by.name(),
            publication.data().value(),
            publication.key()));
  }

  private Frame came(String type, ChannelName channel, ClientInfo who, Instant at) {
    return frame(
        new SuperchatMessage.Came(
            type, channel.value(), who.session(), who.user(), who.name(), at));
  }

  /**
   * Writes the answer to {@code connect}.
   *
   * @param starts what its subscriptions began with, or why they did not
   */
  public Frame connected(
      long re,
      ClientInfo client,
      String node,
      Duration heartbeat,
      Limits limits,
      Map<ChannelName, Object> starts) {
    Map<String, Object> subs = new LinkedHashMap<>();
    starts.forEach(
        (channel, start) ->
            subs.put(
                channel.value(),
                start instanceof SubscriptionStart began
                    ? subscribed(null, null, began)
                    : problem((Refusal) start)));
    return frame(
        new SuperchatMessage.Connected(
            "connected",
            re,
            client.session(),
            client.user(),
            node,
            heartbeat.toSeconds(),
            new SuperchatMessage.Limits(limits.message(), limits.channels(), limits.rate()),
            subs.isEmpty() ? null : subs));
  }

  /**
   * The limits a client is told of.
   *
   * @param message bytes of a message
   * @param channels channels of a session
   * @param rate commands per second
   */
  public record Limits(int message, int channels, int rate) {}

  /** Writes the answer to {@code subscribe}. */
  public Frame subscribed(long re, SubscriptionStart start) {
    return frame(subscribed("subscribed", re, start));
  }

  private static SuperchatMessage.Subscribed subscribed(
      @Nullable String type, @Nullable Long re, SubscriptionStart start) {
    List<Member> members = start.members();
    return new SuperchatMessage.Subscribed(
        type,
        re,
        start.channel().value(),
        start.top().epoch(),
        start.top().offset(),
        start.recovered(),
        entries(start.publications()),
        members == null ? null : members(members),
        start.read().isPresent() ? start.read().getAsLong() : null);
  }

  private static SuperchatMessage.Problem problem(Refusal refusal) {
    return new SuperchatMessage.Problem(
        refusal.code().code(), refusal.message(), refusal.code().retry());
  }

  private static List<SuperchatMessage.Entry> entries(List<Publication> publications) {
    return publications.stream()
        .map(
            publication -> {
              ClientInfo by = publication.publisher();
              return new SuperchatMessage.Entry(
                  publication.offset(),
                  publication.at(),
                  by == null ? null : by.user(),
                  by == null ? null : by.name(),
                  publication.data().value(),
                  publication.key());
            })
        .toList();
  }

  private static List<SuperchatMessage.Member> members(List<Member> members) {
    return members.stream()
        .map(
            member ->
                new SuperchatMessage.Member(
                    member.who().session(), member.who().user(), member.who().name(), member.at()))
        .toList();
  }

  @Override
  public Optional<Frame> subscribed(SubscriptionStart start) {
    return Optional.of(frame(subscribed("subscribed", null, start)));
  }

  /** Writes the answer to {@code unsubscribe}. */
  public Frame unsubscribed(long re, ChannelName channel) {
    return frame(
        new SuperchatMessage.Unsubscribed("unsubscribed", re, channel.value(), null, null, null));
  }

  /** Writes the answer to {@code publish}; an offset of 0 says that it was ephemeral. */
  public Frame published(long re, StreamPosition position, Instant at, boolean duplicate) {
    boolean stored = position.offset() > 0;
    return frame(
        new SuperchatMessage.Published(
            "published",
            re,
            stored ? position.offset() : null,
            stored ? position.epoch() : null,
            at,
            duplicate ? true : null));
  }

  /** Writes the answer to {@code history}. */
  public Frame history(
      long re, ChannelName channel, StreamPosition top, List<Publication> publications) {
    return frame(
        new SuperchatMessage.History(
            "history", re, channel.value(), top.epoch(), top.offset(), entries(publications)));
  }

  /** Writes the answer to {@code presence}. */
  public Frame presence(long re, ChannelName channel, List<Member> members) {
    return frame(new SuperchatMessage.Presence("presence", re, channel.value(), members(members)));
  }

  /** Writes the answer to {@code ping}. */
  public Frame pong(long re) {
    return frame(new SuperchatMessage.Sign("pong", re));
  }

  @Override
  public Optional<Frame> drain(Duration after, Duration within) {
    return Optional.of(
        frame(new SuperchatMessage.Drain("drain", after.toMillis(), within.toMillis())));
  }

  /** Writes that credentials end after {@code in} unless new ones are shown by {@code refresh}. */
  public Frame expiring(Duration in) {
    return frame(new SuperchatMessage.Expiring("expiring", in.toSeconds()));
  }

  /** Writes the answer to {@code refresh}. */
  public Frame refreshed(long re, Instant expires) {
    return frame(new SuperchatMessage.Refreshed("refreshed", re, expires));
  }

  @Override
  public Optional<Frame> heartbeat() {
    return Optional.of(ping);
  }

  @Override
  public boolean takesArrays() {
    return true;
  }

  @Override
  public boolean needsConnect() {
    return true;
  }

  private Frame frame(Object message) {
    return frame(json, message);
  }

  private static Frame frame(Json json, Object message) {
    return Frame.of(json.write(message));
  }

  @Override
  public Frame encode(Refusal refusal) {
    return chat.encode(refusal);
  }

  @Override
  public Frame encode(Disconnect end) {
    return chat.encode(end);
  }
}
