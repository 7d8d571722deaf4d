package io.switchboard.api;

import io.switchboard.auth.Grants;
import io.switchboard.auth.Identity;
import io.switchboard.auth.Pass;
import io.switchboard.auth.Scope;
import io.switchboard.auth.Tickets;
import io.switchboard.channel.ChannelName;
import io.switchboard.http.Problem;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Fields;
import io.switchboard.protocol.Fields.BadField;
import io.switchboard.protocol.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code POST /tickets}: lets a user's next handshake in. */
final class TicketsResource {
  private static final String CHANNELS = "channels";

  private final Tickets tickets;
  private final Clock clock;
  private final Json json;

  TicketsResource(Tickets tickets, Clock clock, Json json) {
    this.tickets = tickets;
    this.clock = clock;
    this.json = json;
  }

  /**
   * The answer.
   *
   * @param expires until when the handshake must have come
   */
  @JsonbPropertyOrder({"ticket", "user", "name", "expires"})
  public record Answer(String ticket, String user, @Nullable String name, Instant expires) {}

  CompletionStage<Reply> issue(Call call) throws Refused {
    Identity identity = identity(new Fields(call.fields()));
    boolean granted = !identity.grants().equals(Grants.NONE);
    if (granted && !call.caller().may(Set.of(Scope.ADMIN))) {
      throw new Refused(
          Problem.of(403, "Forbidden", CHANNELS + ": expected a key with admin, to grant them")
              .member("code", ErrorCode.FORBIDDEN.code()));
    }
    // What somebody may give away does not outlive what they have.
    String ticket =
        tickets
            .issue(new Pass(identity, granted ? call.caller().expires() : null))
            .orElseThrow(
                () ->
                    new Refused(
                        Refused.unavailable(
                            "%d tickets are out, try again".formatted(Tickets.MAX_TICKETS))));
    Answer answer =
        new Answer(
            ticket, identity.user(), identity.name(), clock.instant().plus(Tickets.LIFETIME));
    return Reply.json(201, json.write(answer)).now();
  }

  /** Returns the patterns of channels that the ticket grants, by what is permitted there. */
  private static Map<String, List<String>> channels(Fields fields) throws BadField {
    Optional<JsonValue> value = fields.value(CHANNELS);
    if (value.isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> channels = new LinkedHashMap<>();
    if (value.get() instanceof JsonObject object) {
      for (Map.Entry<String, JsonValue> entry : object.entrySet()) {
        channels.put(entry.getKey(), patterns(CHANNELS + "." + entry.getKey(), entry.getValue()));
      }
      return channels;
    }
    throw new BadField(CHANNELS, "expected an object such as {\"subscribe\":[\"room:eu-*\"]}");
  }

  private static List<String> patterns(String name, JsonValue value) throws BadField {
    List<String> patterns = new ArrayList<>();
    if (value instanceof JsonArray array) {
      for (JsonValue entry : array) {
        if (!(entry instanceof JsonString text)) {
          throw new BadField(name, "expected strings, got " + Fields.kind(entry));
        }
        patterns.add(text.getString());
      }
      return patterns;
    }
    throw new BadField(name, "expected an array of channels, got " + Fields.kind(value));
  }

  private static Identity identity(Fields fields) throws Refused {
    try {
      String user = fields.string("user");
      String name = fields.displayName("name", ChatCodec.MAX_NAME).orElse(null);
      if (!isUsable(user)) {
        throw new BadField("user", "expected 1 to 250 bytes of UTF-8 without control characters");
      }
      return new Identity(user, false, name, grants(fields));
    } catch (BadField e) {
      throw Refused.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** Returns whether {@code user} can have a channel of its own. */
  private static boolean isUsable(String user) {
    try {
      ChannelName.user(user);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Grants grants(Fields fields) throws BadField {
    Map<String, List<String>> channels = channels(fields);
    try {
      return Grants.of(Set.of(), channels);
    } catch (IllegalArgumentException e) {
      throw new BadField(CHANNELS, String.valueOf(e.getMessage()));
    }
  }
}
