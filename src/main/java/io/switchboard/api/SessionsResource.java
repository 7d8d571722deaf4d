package io.switchboard.api;

import io.switchboard.channel.ChannelName;
import io.switchboard.engine.ControlBus;
import io.switchboard.engine.Order;
import io.switchboard.http.Problem;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Standing;
import io.switchboard.protocol.HandshakeRecord;
import io.switchboard.protocol.Json;
import io.switchboard.session.ClientSession;
import io.switchboard.session.SessionRegistry;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.json.spi.JsonProvider;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /sessions}: who is connected to this node, and the end of one connection anywhere. */
final class SessionsResource {
  private final SessionRegistry registry;
  private final Hub hub;
  private final ControlBus bus;
  private final Json json;
  private final JsonBuilderFactory builders =
      JsonProvider.provider().createBuilderFactory(Map.of());

  SessionsResource(SessionRegistry registry, Hub hub, ControlBus bus, Json json) {
    this.registry = registry;
    this.hub = hub;
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
          session.counts().messagesIn(),
          session.counts().messagesOut(),
          session.channels().stream().map(ChannelName::value).toList());
    }
  }

  /**
   * A piece of the list.
   *
   * @param matching how many there are, those that are not in this piece included
   */
  @JsonbPropertyOrder({"sessions", "matching", "truncated"})
  public record Page(List<Connection> sessions, int matching, boolean truncated) {}

  /** What the answer about one connection has beyond the list's. */
  @JsonbPropertyOrder({"handshake", "queue", "subscriptions", "errors"})
  public record Story(
      HandshakeRecord handshake,
      Queue queue,
      List<Subscription> subscriptions,
      List<Mistake> errors) {}

  /** What is on its way to a client; {@code heldUp} in milliseconds. */
  @JsonbPropertyOrder({"frames", "bytes", "underWay", "heldUp"})
  public record Queue(int frames, int bytes, long underWay, long heldUp) {}

  /** How far it was told on a channel. */
  @JsonbPropertyOrder({"channel", "offset", "behind"})
  public record Subscription(String channel, long offset, boolean behind) {}

  /** An error that it was answered. */
  @JsonbPropertyOrder({"at", "code", "message"})
  public record Mistake(Instant at, String code, String message) {}

  CompletionStage<Reply> list(Call call) throws Refused {
    int limit = call.limit();
    String after = call.parameter("after").orElse("");
    Comparator<ClientSession> order = order(call);
    Predicate<ClientSession> wanted = wanted(call);
    Optional<String> user = call.parameter("user");
    Collection<ClientSession> all = user.isPresent() ? registry.of(user.get()) : registry.all();
    List<ClientSession> matching =
        all.stream()
            .filter(session -> !session.hasEnded() && session.id().compareTo(after) > 0)
            .filter(wanted)
            .toList();
    List<Connection> page =
        matching.stream().sorted(order).limit(limit).map(Connection::of).toList();
    return Reply.json(
            200, json.write(new Page(page, matching.size(), matching.size() > page.size())))
        .now();
  }

  /** Returns the order that the caller wants: by id, or the largest first. */
  private static Comparator<ClientSession> order(Call call) throws Refused {
    Comparator<ClientSession> byId = Comparator.comparing(ClientSession::id);
    Optional<String> sort = call.parameter("sort");
    if (sort.isPresent() && !sort.get().equals("id") && call.parameter("after").isPresent()) {
      throw Refused.badRequest("after: goes with sort=id only");
    }
    return switch (sort.orElse("id")) {
      case "id" -> byId;
      // Numbers change while they are sorted, which a sort does not forgive: they are taken once.
      case "queue" -> largest(ClientSession::queuedBytes).thenComparing(byId);
      case "in" -> largest(session -> session.counts().messagesIn()).thenComparing(byId);
      case "out" -> largest(session -> session.counts().messagesOut()).thenComparing(byId);
      case "since" ->
          Comparator.<ClientSession, Instant>comparing(session -> session.origin().since())
              .reversed()
              .thenComparing(byId);
      default -> throw Refused.badRequest("sort: expected id, queue, in, out or since");
    };
  }

  private static Comparator<ClientSession> largest(ToLongFunction<ClientSession> number) {
    Map<String, Long> taken = new HashMap<>();
    return Comparator.<ClientSession>comparingLong(
            session -> taken.computeIfAbsent(session.id(), id -> number.applyAsLong(session)))
        .reversed();
  }

  /** Returns which sessions the caller looks for: {@code search} is a part of what they show. */
  private static Predicate<ClientSession> wanted(Call call) throws Refused {
    Optional<String> search = call.parameter("search");
    Optional<String> transport = call.parameter("transport");
    String part = search.orElse("").toLowerCase(Locale.ROOT);
    return session ->
        transport.map(session.transport()::equals).orElse(true)
            && (part.isEmpty()
                || Stream.of(
                        session.id(),
                        session.identity().user(),
                        session.origin().address(),
                        Optional.ofNullable(session.info().name()).orElse(""))
                    .anyMatch(shown -> shown.toLowerCase(Locale.ROOT).contains(part)));
  }

  CompletionStage<Reply> one(Call call) throws Refused {
    ClientSession session =
        registry
            .find(call.name("session"))
            .filter(found -> !found.hasEnded())
            .orElseThrow(() -> new Refused(unknown()));
    return hub.standings(session)
        .thenApply(
            standings -> {
              JsonObject whole =
                  builders
                      .createObjectBuilder(object(Connection.of(session)))
                      .addAll(builders.createObjectBuilder(object(story(session, standings))))
                      .build();
              return Reply.json(200, whole.toString());
            });
  }

  private JsonObject object(Object value) {
    return json.read(json.write(value)).asJsonObject();
  }

  private static Story story(ClientSession session, List<Standing> standings) {
    ClientSession.Queue queue = session.queue();
    return new Story(
        session.origin().handshake(),
        new Queue(queue.frames(), queue.bytes(), queue.underWay(), queue.heldUp().toMillis()),
        standings.stream()
            .map(each -> new Subscription(each.channel().value(), each.offset(), each.behind()))
            .toList(),
        session.errors().stream()
            .map(error -> new Mistake(error.at(), error.code().code(), error.message()))
            .toList());
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
