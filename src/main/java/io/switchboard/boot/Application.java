package io.switchboard.boot;

import io.switchboard.admission.Gatekeeper;
import io.switchboard.admission.HandshakeLimits;
import io.switchboard.api.Routes;
import io.switchboard.auth.ApiKey;
import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.Tickets;
import io.switchboard.command.CommandDispatcher;
import io.switchboard.command.SessionControl;
import io.switchboard.engine.Availability;
import io.switchboard.engine.ControlBus;
import io.switchboard.engine.memory.MemoryControlBus;
import io.switchboard.engine.memory.MemoryPresence;
import io.switchboard.event.Events;
import io.switchboard.hub.Hub;
import io.switchboard.lab.Lab;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Json;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.session.Budget;
import io.switchboard.session.SessionRegistry;
import io.switchboard.transport.http.HttpSessions;
import io.switchboard.transport.websocket.Bench;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One deployed Switchboard: every part, made here and handed to those that need it.
 *
 * <p>The parts are plain objects; {@link Beans} shows them to CDI.
 */
final class Application {
  private static final Logger LOG = System.getLogger(Application.class.getName());

  /** So often within the shortest time that is to be kept are connections looked after. */
  private static final int BEATS = 10;

  private final Settings settings;
  private final Threads threads;
  private final ApiKey apiKey;
  private final ChannelPolicy policy;
  private final Json json = new Json();
  private final ChatCodec chat = new ChatCodec(json);
  private final SuperchatCodec superchat = new SuperchatCodec(json);
  private final Gatekeeper gatekeeper;
  private final Tickets tickets;
  private final TokenParts tokens;
  private final Engine engine;
  private final Hub hub;
  private final ControlBus bus;
  private final SessionRegistry registry;
  private final HttpSessions httpSessions;
  private final Routes routes;
  private final Lab lab;
  private final Bench bench;
  private final ScheduledFuture<?> beating;

  /**
   * Makes and starts everything; nothing is left running if that fails.
   *
   * @param observers are told what happens
   */
  Application(Settings settings, EventQueue.Observers observers) {
    SecureRandom random = new SecureRandom();
    this.settings = settings;
    this.apiKey =
        new ApiKey(settings.apiKey().orElseGet(() -> Home.apiKey(settings.home(), random)));
    this.policy = new ChannelPolicy(settings.namespaces());
    this.tickets = new Tickets(random, System::nanoTime);
    this.threads = Threads.start();
    Clock clock = Clock.systemUTC();
    this.engine = startEngine(clock, random);
    this.tokens = TokenParts.start(settings.jwt(), clock, random);
    Events events = new EventQueue(observers, threads.events());
    this.hub =
        new Hub(
            engine.broker(),
            new MemoryPresence(),
            events,
            threads.workers(),
            new Hub.Times(clock, System::nanoTime, settings.presenceGrace()));
    CommandDispatcher dispatcher =
        new CommandDispatcher(
            hub, policy, engine.markers(), chat, superchat, settings.heartbeat(), tokens.tokens());
    this.registry =
        new SessionRegistry(
            new SessionEvents(dispatcher, events, clock),
            settings.session(),
            settings.heartbeat(),
            new Budget(settings.maxQueued()),
            threads.sending(),
            new SessionRegistry.Sources(clock, System::nanoTime, random));
    this.gatekeeper =
        new Gatekeeper(
            settings.gate(),
            new HandshakeLimits(settings.gate(), System::nanoTime),
            registry,
            tickets,
            tokens.tokens());
    this.httpSessions =
        new HttpSessions(
            registry, superchat, settings.http(), threads.workers(), System::nanoTime, random);
    this.bus = new MemoryControlBus(threads.workers());
    bus.listen(new SessionControl(registry, hub, policy));
    this.routes =
        new Routes(
            new Routes.Node(hub, registry, bus, policy, tickets, settings.session(), clock, json));
    this.lab = LabParts.lab(settings, hub, clock, random, threads);
    this.bench = new Bench(settings.lab() ? Bench.PLACES : 0, System::nanoTime, random);
    Duration beat = beat(settings);
    this.beating =
        threads
            .timer()
            .scheduleWithFixedDelay(
                this::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Engine startEngine(Clock clock, SecureRandom random) {
    try {
      Home.make(settings.home());
      return Engine.start(
          settings.engine(),
          new Engine.Parts(settings.namespaces(), settings.memory(), clock, random, threads));
    } catch (RuntimeException | Error e) {
      threads.close();
      throw e;
    }
  }

  /** Often enough for the shortest time that is to be kept, and once a second at least. */
  private static Duration beat(Settings settings) {
    return Stream.of(
            settings.heartbeat().interval(),
            settings.heartbeat().timeout(),
            settings.session().writeTimeout(),
            Duration.ofSeconds(BEATS))
        .min(Comparator.naturalOrder())
        .orElseThrow()
        .dividedBy(BEATS);
  }

  private void beat() {
    try {
      registry.beat();
      tokens.beat().run();
      httpSessions.beat();
      hub.beat();
      bench.beat();
    } catch (RuntimeException | Error e) { // a timer forgets tasks that throw
      LOG.log(Level.ERROR, "looking after connections failed", e);
    }
  }

  /** Ends every session, waits for that as long as the settings say, and ends the threads. */
  void stop() {
    int sessions = registry.size();
    bench.close();
    try {
      registry.drain().get(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.log(
          Level.INFO, "{0} of {1} connections were not closed in time", registry.size(), sessions);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("draining failed", e);
    }
    beating.cancel(false);
    tokens.end().run();
    engine.end().run(); // nobody uses it any more
    threads.close();
    LOG.log(Level.INFO, "Switchboard has stopped");
  }

  Settings settings() {
    return settings;
  }

  ApiKey apiKey() {
    return apiKey;
  }

  HttpSessions httpSessions() {
    return httpSessions;
  }

  Gatekeeper gatekeeper() {
    return gatekeeper;
  }

  ChannelPolicy policy() {
    return policy;
  }

  Json json() {
    return json;
  }

  ChatCodec chat() {
    return chat;
  }

  SuperchatCodec superchat() {
    return superchat;
  }

  Availability availability() {
    return engine.availability();
  }

  Hub hub() {
    return hub;
  }

  SessionRegistry registry() {
    return registry;
  }

  ControlBus bus() {
    return bus;
  }

  Tickets tickets() {
    return tickets;
  }

  Lab lab() {
    return lab;
  }

  Bench bench() {
    return bench;
  }

  Routes routes() {
    return routes;
  }
}
