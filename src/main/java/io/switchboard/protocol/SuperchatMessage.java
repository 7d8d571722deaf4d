package io.switchboard.protocol;

import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client of {@code superchat} is told; JSON-B writes each record as one object. */
sealed interface SuperchatMessage {
  /** Returns the value of {@code type}. */
  String type();

  @JsonbPropertyOrder({
    "type",
    "re",
    "session",
    "user",
    "node",
    "heartbeat",
    "expires",
    "limits",
    "subs"
  })
  record Connected(
      String type,
      long re,
      String session,
      String user,
      String node,
      long heartbeat,
      @Nullable Instant expires,
      Limits limits,
      @Nullable Map<String, Object> subs)
      implements SuperchatMessage {}

  @JsonbPropertyOrder({"message", "channels", "rate"})
  record Limits(int message, int channels, int rate) {}

  /** The answer to a subscription; without type and id where it stands in {@code connected}. */
  @JsonbPropertyOrder({
    "type",
    "re",
    "channel",
    "epoch",
    "offset",
    "recovered",
    "publications",
    "presence",
    "read"
  })
  record Subscribed(
      @Nullable String type,
      @Nullable Long re,
      String channel,
      String epoch,
      long offset,
      @Nullable Boolean recovered,
      List<Entry> publications,
      @Nullable List<Member> presence,
      @Nullable Long read) {}

  /** A publication where its channel is known. */
  @JsonbPropertyOrder({"offset", "at", "user", "name", "data", "encoding", "key"})
  record Entry(
      long offset,
      Instant at,
      @Nullable String user,
      @Nullable String name,
      @JsonbNillable JsonValue data,
      @Nullable String encoding,
      @Nullable String key) {}

  @JsonbPropertyOrder({"session", "user", "name", "at"})
  record Member(String session, String user, @Nullable String name, Instant at) {}

  @JsonbPropertyOrder({"code", "message", "retry"})
  record Problem(String code, String message, boolean retry) {}

  /** The end of a subscription: an answer, or what the server did by itself and why. */
  @JsonbPropertyOrder({"type", "re", "channel", "code", "reason", "resubscribe"})
  record Unsubscribed(
      String type,
      @Nullable Long re,
      String channel,
      @Nullable String code,
      @Nullable String reason,
      @Nullable Boolean resubscribe)
      implements SuperchatMessage {}

  @JsonbPropertyOrder({"type", "channel", "from", "to"})
  record Gap(String type, String channel, long from, long to) implements SuperchatMessage {}

  /** Both in milliseconds. */
  @JsonbPropertyOrder({"type", "after", "within"})
  record Drain(String type, long after, long within) implements SuperchatMessage {}

  @JsonbPropertyOrder({"type", "in"})
  record Expiring(String type, long in) implements SuperchatMessage {}

  @JsonbPropertyOrder({"type", "re", "expires"})
  record Refreshed(String type, long re, @Nullable Instant expires) implements SuperchatMessage {}

  @JsonbPropertyOrder({"type", "re", "offset", "epoch", "at", "duplicate"})
  record Published(
      String type,
      long re,
      @Nullable Long offset,
      @Nullable String epoch,
      Instant at,
      @Nullable Boolean duplicate)
      implements SuperchatMessage {}

  @JsonbPropertyOrder({"type", "re", "channel", "epoch", "offset", "publications"})
  record History(
      String type, long re, String channel, String epoch, long offset, List<Entry> publications)
      implements SuperchatMessage {}

  @JsonbPropertyOrder({"type", "re", "channel", "members"})
  record Presence(String type, long re, String channel, List<Member> members)
      implements SuperchatMessage {}

  @JsonbPropertyOrder({
    "type",
    "channel",
    "offset",
    "at",
    "user",
    "name",
    "data",
    "encoding",
    "key"
  })
  record Publication(
      String type,
      String channel,
      @Nullable Long offset,
      Instant at,
      @Nullable String user,
      @Nullable String name,
      @JsonbNillable JsonValue data,
      @Nullable String encoding,
      @Nullable String key)
      implements SuperchatMessage {}

  /** What stands before the bytes of a publication. */
  @JsonbPropertyOrder({"type", "channel", "offset", "at", "user", "name", "key"})
  record BinaryPublication(
      String type,
      String channel,
      @Nullable Long offset,
      Instant at,
      @Nullable String user,
      @Nullable String name,
      @Nullable String key)
      implements SuperchatMessage {}

  /** {@code joined} and {@code left}, which have one shape. */
  @JsonbPropertyOrder({"type", "channel", "session", "user", "name", "at"})
  record Came(
      String type, String channel, String session, String user, @Nullable String name, Instant at)
      implements SuperchatMessage {}

  @JsonbPropertyOrder({"type", "re"})
  record Sign(String type, @Nullable Long re) implements SuperchatMessage {}

  /** How long to wait is in milliseconds. */
  @JsonbPropertyOrder({"type", "re", "code", "message", "retry", "retryAfter"})
  record Failed(
      String type,
      @Nullable Long re,
      String code,
      String message,
      boolean retry,
      @Nullable Long retryAfter)
      implements SuperchatMessage {}

  /** How long to wait is in milliseconds. */
  @JsonbPropertyOrder({"type", "code", "reason", "reconnect", "after"})
  record Bye(String type, int code, String reason, boolean reconnect, @Nullable Long after)
      implements SuperchatMessage {}
}
