package io.switchboard.api;

import io.switchboard.auth.Identity;
import io.switchboard.auth.Tickets;
import io.switchboard.channel.ChannelName;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Fields;
import io.switchboard.protocol.Fields.BadField;
import io.switchboard.protocol.Json;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code POST /tickets}: lets a user's next handshake in. */
final class TicketsResource {
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
    String ticket =
        tickets
            .issue(identity)
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

  private static Identity identity(Fields fields) throws Refused {
    try {
      String user = fields.string("user");
      String name = fields.displayName("name", ChatCodec.MAX_NAME).orElse(null);
      ChannelName.user(user); // it has a channel of its own
      return new Identity(user, false, name);
    } catch (BadField e) {
      throw Refused.badRequest(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw Refused.badRequest("user: expected 1 to 250 bytes of UTF-8 without control characters");
    }
  }
}
