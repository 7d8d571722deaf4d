package io.switchboard.api;

import io.switchboard.channel.ChannelName;
import io.switchboard.engine.ControlBus;
import io.switchboard.engine.Order;
import io.switchboard.http.Problem;
import io.switchboard.protocol.Json;
import io.switchboard.session.ClientSession;
import io.switchboard.session.SessionRegistry;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /sessions}: who is connected to this node, and the end of one connection anywhere. */
final class SessionsResource {
  private final SessionRegistry registry;
  private final ControlBus bus;
  private final Json json;

  SessionsResource(SessionRegistry registry, ControlBus bus, Json json) {
    this.registry = registry;
    this.bus = bus;
    this.json = json;
  }

  /**
   * A connection.
   *
   * @param channels the names of the channels it listens on
   */
  @JsonbPropertyOrder({
    "session",
    "user",
    "guest",
    "name",
    "node",
    "transport",
    "subprotocol",
    "address",
    "since",
    "queuedBytes",
    "messagesIn",
    "messagesOut",
    "channels"
  })
  public record Connection(
      String session,
      String user,
      boolean guest,
      @Nullable String name,
      String node,
      String transport,
      String subprotocol,
      String address,
      Instant since,
      int queuedBytes,
      long messagesIn,
      long messagesOut,
      List<String> channels) {
    static Connection of(ClientSession session) {
      return new Connection(
          session.id(),
          session.identity().user(),
          session.identity().guest(),
          session.info().name(),
          session.node(),
          session.transport(),
          session.codec().subprotocol(),
          session.origin().address(),
          session.origin().since(),
          session.queuedBytes(),
          session.messagesIn(),
          session.messagesOut(),
          session.channels().stream().map(ChannelName::value).toList());
    }
  }

  /** A piece of the list. */
  @JsonbPropertyOrder({"sessions", "truncated"})
  public record Page(List<Connection> sessions, boolean truncated) {}

  CompletionStage<Reply> list(Call call) throws Refused {
    int limit = call.limit();
    String after = call.parameter("after").orElse("");
    Optional<String> user = call.parameter("user");
    Collection<ClientSession> all = user.isPresent() ? registry.of(user.get()) : registry.all();
    List<ClientSession> found =
        all.stream()
            .filter(session -> !session.hasEnded() && session.id().compareTo(after) > 0)
            .sorted(Comparator.comparing(ClientSession::id))
            .limit(limit + 1L)
            .toList();
    List<Connection> page = found.stream().limit(limit).map(Connection::of).toList();
    return Reply.json(200, json.write(new Page(page, found.size() > limit))).now();
  }

  CompletionStage<Reply> one(Call call) throws Refused {
    ClientSession session =
        registry
            .find(call.name("session"))
            .filter(found -> !found.hasEnded())
            .orElseThrow(() -> new Refused(unknown()));
    return Reply.json(200, json.write(Connection.of(session))).now();
  }

  CompletionStage<Reply> disconnect(Call call) throws Refused {
    Orders.Why why = Orders.Why.of(call.optionalFields());
    return bus.send(
            Orders.order(
                () -> new Order.DisconnectSession(call.name("session"), why.code(), why.reason())))
        .thenApply(
            outcome -> {
              if (outcome.sessions() == 0) {
                throw new CompletionException(new Refused(unknown()));
              }
              return Reply.json(200, json.write(Orders.Answer.of(outcome)));
            });
  }

  private static Problem unknown() {
    return Problem.of(404, "Unknown session", "session: expected the id of one that is connected");
  }
}
