package io.switchboard.protocol;

import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client of {@code chat} is told; JSON-B writes each record as one flat object. */
sealed interface ChatMessage {
  /** Returns the value of {@code type}. */
  String type();

  @JsonbPropertyOrder({"type", "session", "user", "heartbeat"})
  record Welcome(String type, String session, String user, long heartbeat) implements ChatMessage {}

  /** {@code joined} and {@code left}, which have one shape. */
  @JsonbPropertyOrder({"type", "room", "user", "name", "at"})
  record Came(String type, String room, String user, @Nullable String name, Instant at)
      implements ChatMessage {}

  @JsonbPropertyOrder({"type", "room", "messages"})
  record History(String type, String room, List<Said> messages) implements ChatMessage {}

  @JsonbPropertyOrder({"type", "room", "user", "name", "text", "at", "id"})
  record Said(
      String type,
      String room,
      @Nullable String user,
      @Nullable String name,
      String text,
      Instant at,
      @Nullable Long id)
      implements ChatMessage {}

  @JsonbPropertyOrder({"type", "room", "users"})
  record Who(String type, String room, List<Member> users) implements ChatMessage {}

  @JsonbPropertyOrder({"user", "name"})
  record Member(String user, @Nullable String name) {}

  /** Where the data is {@code null}, that is said and not left out. */
  @JsonbPropertyOrder({"type", "channel", "data", "encoding", "at"})
  record Pushed(
      String type,
      String channel,
      @JsonbNillable JsonValue data,
      @Nullable String encoding,
      Instant at)
      implements ChatMessage {}

  record Pong(String type) implements ChatMessage {}

  @JsonbPropertyOrder({"type", "code", "message", "retry"})
  record Failed(String type, String code, String message, boolean retry) implements ChatMessage {}

  @JsonbPropertyOrder({"type", "code", "reason", "reconnect"})
  record Bye(String type, int code, String reason, boolean reconnect) implements ChatMessage {}

  @JsonbPropertyOrder({"type", "request", "response"})
  record Opened(String type, Request request, Response response) implements ChatMessage {}

  @JsonbPropertyOrder({"line", "headers"})
  record Request(String line, Map<String, String> headers) {}

  @JsonbPropertyOrder({"status", "headers"})
  record Response(int status, Map<String, String> headers) {}
}
