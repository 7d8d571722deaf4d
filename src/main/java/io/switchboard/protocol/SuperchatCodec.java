package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Member;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The language {@code superchat}: one JSON object, or an array of them, in each text message.
 *
 * <p>Publications of bytes are messages of bytes: see {@link BinaryFormat}. Stateless.
 */
public final class SuperchatCodec implements Codec {
  private final Json json;
  private final SuperchatReader reader;
  private final boolean textOnly;
  private final Frame ping;

  /** Makes one that reads and writes by {@code json}. */
  public SuperchatCodec(Json json) {
    this(json, false);
  }

  private SuperchatCodec(Json json, boolean textOnly) {
    this.json = json;
    this.reader = new SuperchatReader(json);
    this.textOnly = textOnly;
    this.ping = frame(json, new SuperchatMessage.Sign("ping", null));
  }

  /** Returns one for transports that carry only text: bytes are Base64 in what it writes. */
  public SuperchatCodec textOnly() {
    return new SuperchatCodec(json, true);
  }

  @Override
  public String subprotocol() {
    return "superchat";
  }

  @Override
  public Input decode(String text) {
    return reader.read(text);
  }

  @Override
  public boolean takesBinary() {
    return !textOnly;
  }

  @Override
  public Input decode(ByteBuffer message) {
    return reader.read(message);
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
    return encode(published.channel(), published.publication());
  }

  private Frame encode(ChannelName channel, Publication publication) {
    Long offset = publication.isEphemeral() ? null : publication.offset();
    ClientInfo by = publication.publisher();
    String user = by == null ? null : by.user();
    String name = by == null ? null : by.name();
    if (!textOnly && publication.data() instanceof Payload.OfBytes bytes) {
      return BinaryFormat.write(
          json.write(
              new SuperchatMessage.BinaryPublication(
                  "publication",
                  channel.value(),
                  offset,
                  publication.at(),
                  user,
                  name,
                  publication.key())),
          bytes);
    }
    return frame(
        new SuperchatMessage.Publication(
            "publication",
            channel.value(),
            offset,
            publication.at(),
            user,
            name,
            publication.data().value(),
            publication.data().encoding().orElse(null),
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
   * @param expires until when the client's credentials hold
   * @param starts what its subscriptions began with, or why they did not
   */
  public Frame connected(
      long re,
      ClientInfo client,
      String node,
      Duration heartbeat,
      @Nullable Instant expires,
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
            expires,
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
                  publication.data().encoding().orElse(null),
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

  @Override
  public Optional<Frame> expiring(Duration in) {
    return Optional.of(frame(new SuperchatMessage.Expiring("expiring", in.toSeconds())));
  }

  /** Writes the answer to {@code refresh}. */
  public Frame refreshed(long re, @Nullable Instant expires) {
    return frame(new SuperchatMessage.Refreshed("refreshed", re, expires));
  }

  @Override
  public Optional<Frame> heartbeat() {
    return Optional.of(ping);
  }

  @Override
  public boolean takesArrays() {
    return !textOnly; // where messages are numbered, each has a number of its own
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
    Duration retryAfter = refusal.retryAfter();
    return frame(
        new SuperchatMessage.Failed(
            "error",
            refusal.re(),
            refusal.code().code(),
            refusal.message(),
            refusal.code().retry(),
            retryAfter == null ? null : retryAfter.toMillis()));
  }

  @Override
  public Frame encode(Disconnect end) {
    return frame(
        new SuperchatMessage.Bye(
            "bye",
            end.code(),
            end.reason(),
            end.reconnect(),
            end.after().map(Duration::toMillis).orElse(null)));
  }
}
