package io.switchboard.api;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.Scope;
import io.switchboard.auth.Tickets;
import io.switchboard.engine.ControlBus;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.Json;
import io.switchboard.session.Draining;
import io.switchboard.session.SessionRegistry;
import io.switchboard.session.SessionSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Every call of the server API. Immutable. */
public final class Routes {
  /** The path of the one call that needs no key: what describes the others. */
  static final String DESCRIPTION = "/openapi.yaml";

  private static final Set<Scope> NOBODY = Set.of();
  private static final Set<Scope> PUBLISH = Set.of(Scope.PUBLISH);
  private static final Set<Scope> READ = Set.of(Scope.READ);
  private static final Set<Scope> ADMIN = Set.of(Scope.ADMIN);

  /** Whoever holds a ticket reads and speaks in the name of its user. */
  private static final Set<Scope> IN_ONES_NAME = Set.of(Scope.PUBLISH, Scope.READ);

  /**
   * The parts of a node that the API speaks to.
   *
   * @param report says how the node is, as an object that becomes JSON
   */
  public record Node(
      Hub hub,
      SessionRegistry registry,
      ControlBus bus,
      ChannelPolicy policy,
      Tickets tickets,
      Draining draining,
      SessionSettings limits,
      ApiSettings settings,
      Clock clock,
      Supplier<Object> report,
      Json json) {}

  private final Router router;
  private final int maxBody;

  /** Makes the routes to {@code node}. */
  public Routes(Node node) {
    Publications publications = new Publications(node.hub(), node.policy(), node.limits());
    PublishResource publish =
        new PublishResource(publications, node.settings().maxBody(), node.json());
    UsersResource users = new UsersResource(node.bus(), node.policy(), publications, node.json());
    SessionsResource sessions =
        new SessionsResource(node.registry(), node.hub(), node.bus(), node.json());
    ChannelsResource channels =
        new ChannelsResource(node.hub(), node.policy(), node.limits(), node.json());
    TicketsResource tickets = new TicketsResource(node.tickets(), node.clock(), node.json());
    this.maxBody = publish.maxBody(); // no other call takes more
    DrainResource drain = new DrainResource(node.draining(), node.registry(), node.json());
    Reply description = new Reply(200, "application/yaml", description());
    // Where two paths match, the first one counts: the longer one.
    this.router =
        new Router(
            List.of(
                new Route(NOBODY, "GET", DESCRIPTION, call -> description.now()),
                new Route(PUBLISH, "POST", "/publish", publish::publish),
                new Route(PUBLISH, "POST", "/users/{user}/push", users::push),
                new Route(ADMIN, "POST", "/users/{user}/disconnect", users::disconnect),
                new Route(ADMIN, "POST", "/users/{user}/subscribe", users::subscribe),
                new Route(ADMIN, "POST", "/users/{user}/unsubscribe", users::unsubscribe),
                new Route(READ, "GET", "/channels", channels::list),
                new Route(READ, "GET", "/channels/{channel}/presence", channels::presence),
                new Route(READ, "GET", "/channels/{channel}/history", channels::history),
                new Route(ADMIN, "DELETE", "/channels/{channel}/history", channels::clear),
                new Route(READ, "GET", "/channels/{channel}", channels::one),
                new Route(READ, "GET", "/sessions", sessions::list),
                new Route(ADMIN, "POST", "/sessions/{session}/disconnect", sessions::disconnect),
                new Route(READ, "GET", "/sessions/{session}", sessions::one),
                new Route(
                    READ,
                    "GET",
                    "/node",
                    call -> Reply.json(200, node.json().write(node.report().get())).now()),
                new Route(IN_ONES_NAME, "POST", "/tickets", tickets::issue),
                new Route(READ, "GET", "/drain", drain::look),
                new Route(ADMIN, "POST", "/drain", drain::begin),
                new Route(ADMIN, "DELETE", "/drain", drain::end)));
  }

  Router router() {
    return router;
  }

  /** Returns how many bytes the body of any call may hold. */
  int maxBody() {
    return maxBody;
  }

  private static String description() {
    try (InputStream in =
        Objects.requireNonNull(Routes.class.getResourceAsStream("openapi.yaml"), "openapi.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.yaml cannot be read", e);
    }
  }
}
