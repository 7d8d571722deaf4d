package io.switchboard.boot;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.switchboard.admission.AddressRates;
import io.switchboard.admission.Gatekeeper;
import io.switchboard.admission.HandshakeLimits;
import io.switchboard.api.Callers;
import io.switchboard.api.Routes;
import io.switchboard.auth.ApiKey;
import io.switchboard.auth.ApiKeys;
import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.Scope;
import io.switchboard.auth.Tickets;
import io.switchboard.command.ChannelTokens;
import io.switchboard.command.CommandDispatcher;
import io.switchboard.command.SessionControl;
import io.switchboard.engine.Availability;
import io.switchboard.engine.ControlBus;
import io.switchboard.engine.memory.MemoryControlBus;
import io.switchboard.engine.memory.MemoryPresence;
import io.switchboard.event.Events;
import io.switchboard.hub.Hub;
import io.switchboard.lab.Lab;
import io.switchboard.ops.ConnectionLog;
import io.switchboard.ops.NodeBean;
import io.switchboard.ops.NodeFeed;
import io.switchboard.ops.NodeReport;
import io.switchboard.ops.NodeState;
import io.switchboard.ops.metrics.Metrics;
import io.switchboard.ops.metrics.MetricsAccess;
import io.switchboard.ops.trace.OpenTelemetryTracing;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Json;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.session.Budget;
import io.switchboard.session.Draining;
import io.switchboard.session.LimitCounts;
import io.switchboard.session.SessionRegistry;
import io.switchboard.transport.http.HttpSessions;
import io.switchboard.transport.websocket.Bench;
import io.switchboard.transport.websocket.Later;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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

  /** So often those whose moment has come are sent away while the end is waited for. */
  private static final long DRAIN_STEP_NANOS = 50_000_000;

  private final Settings settings;
  private final Threads threads;
  private final KeyFile keyFile;
  private final ApiKeys apiKeys;
  private final ChannelTokens channelTokens;
  private final Callers callers;
  private final LimitCounts limitCounts = new LimitCounts();
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
  private final Draining draining;
  private final HttpSessions httpSessions;
  private final Routes routes;
  private final Lab lab;
  private final Bench bench;
  private final NodeFeed feed;
  private final Metrics metrics;

  /** Ends what runs, what was started last first; touched by who starts and who stops. */
  private final Deque<Runnable> ends = new ArrayDeque<>();

  /** When the first call of {@link #drain} gives up waiting; 0 before that. */
  private final AtomicLong drainedUntil = new AtomicLong();

  /**
   * Makes and starts everything; nothing is left running if that fails.
   *
   * @param policy says who may do what
   * @param observers are told what happens
   * @param context the context path
   */
  Application(
      Settings settings, ChannelPolicy policy, EventQueue.Observers observers, String context) {
    SecureRandom random = new SecureRandom();
    this.settings = settings;
    ApiKey first =
        ApiKey.standard(settings.apiKey().orElseGet(() -> Home.apiKey(settings.home(), random)));
    this.tickets = new Tickets(random, System::nanoTime);
    this.threads = Threads.start();
    ends.push(threads::close);
    try {
      Clock clock = Clock.systemUTC();
      this.keyFile = new KeyFile(settings.home(), first, threads.patient(), System::nanoTime);
      this.apiKeys = new ApiKeys(clock, keyFile.read());
      Home.make(settings.home());
      this.engine =
          Engine.start(
              settings.engine(),
              new Engine.Parts(settings.namespaces(), settings.memory(), clock, random, threads));
      ends.push(engine.end());
      this.tokens = TokenParts.start(settings.jwt(), clock, random);
      ends.push(tokens.end());
      this.metrics =
          new Metrics(new ConnectionLog(settings.ops().logConnections(), clock), System::nanoTime);
      ends.push(metrics::close);
      Events events = new EventQueue(observers, threads.events());
      this.hub =
          new Hub(
              metrics.timed(engine.broker()),
              new MemoryPresence(),
              events,
              threads.workers(),
              new Hub.Times(clock, System::nanoTime, settings.presenceGrace()),
              new Hub.Watchers(
                  metrics.hub(), new OpenTelemetryTracing(GlobalOpenTelemetry.getOrNoop())));
      this.channelTokens = new ChannelTokens(tokens.tokens(), hub, clock);
      CommandDispatcher dispatcher =
          new CommandDispatcher(
              hub,
              policy,
              metrics.timed(engine.markers()),
              chat,
              superchat,
              settings.heartbeat(),
              tokens.tokens(),
              channelTokens,
              System::nanoTime);
      SessionRegistry.Sources sources =
          new SessionRegistry.Sources(clock, System::nanoTime, random);
      this.registry =
          new SessionRegistry(
              new SessionEvents(dispatcher, events, clock),
              settings.session(),
              settings.heartbeat(),
              new Budget(settings.maxQueued()),
              threads.sending(),
              sources,
              metrics.sessions(),
              limitCounts);
      this.draining = new Draining(registry, settings.drain(), sources);

      this.gatekeeper =
          new Gatekeeper(
              settings.gate(),
              new HandshakeLimits(settings.gate(), System::nanoTime),
              guesses(settings),
              registry,
              tickets,
              tokens.tokens(),
              metrics.gate());
      this.callers =
          new Callers(apiKeys, tokens.tokens(), gatekeeper, guesses(settings), limitCounts);
      this.httpSessions =
          new HttpSessions(
              registry, superchat, settings.http(), threads.workers(), System::nanoTime, random);
      this.bus = new MemoryControlBus(threads.workers());
      bus.listen(new SessionControl(registry, hub, policy));
      NodeState node = new NodeState(registry, hub, engine.availability());
      Instant since = clock.instant();
      Supplier<NodeReport> reports =
          () -> NodeReport.of(node, metrics.totals(), clock.instant(), since);
      this.feed = new NodeFeed(hub, reports, json, metrics::second);
      this.routes =
          new Routes(
              new Routes.Node(
                  hub,
                  registry,
                  bus,
                  policy,
                  tickets,
                  draining,
                  settings.session(),
                  settings.api(),
                  clock,
                  reports::get,
                  json));
      this.lab = LabParts.lab(settings, hub, clock, random, threads);
      this.bench = new Bench(settings.lab() ? Bench.PLACES : 0, System::nanoTime, random);
      metrics.watch(node);
      metrics.watch(limitCounts);
      NodeBean bean =
          NodeBean.register(
              node, context, draining::begin, ManagementFactory.getPlatformMBeanServer());
      ends.push(bean::close);
      Duration beat = beat(settings);
      ScheduledFuture<?> beating =
          threads
              .timer()
              .scheduleWithFixedDelay(
                  this::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
      ends.push(() -> beating.cancel(false));
    } catch (RuntimeException | Error e) {
      end();
      throw e;
    }
  }

  /** Ends what was started, what came last first; nothing keeps the others from it. */
  private void end() {
    while (!ends.isEmpty()) {
      try {
        ends.pop().run();
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "a part could not be ended", e);
      }
    }
  }

  private static AddressRates guesses(Settings settings) {
    return new AddressRates(
        settings.api().wrongKeysRate(), settings.api().wrongKeysBurst(), System::nanoTime);
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
      keyFile.beat(apiKeys);
      tokens.beat().run();
      channelTokens.beat();
      httpSessions.beat();
      hub.beat();
      draining.beat();
      bench.beat();
      feed.beat(System.nanoTime());
    } catch (RuntimeException | Error e) { // a timer forgets tasks that throw
      LOG.log(Level.ERROR, "looking after connections failed", e);
    }
  }

  /**
   * Sends everybody away, while others are still served, and waits until they are gone or the
   * settings' time is over. May be called before {@link #stop}, which does it first otherwise.
   */
  void drain() {
    bench.close();
    int sessions = registry.size();
    long now = System.nanoTime();
    // Another call waits no longer than the first one does.
    drainedUntil.compareAndSet(0, now + settings.drain().timeout().toNanos());
    long deadline = drainedUntil.get();
    CompletableFuture<Void> drained = draining.beginForGood();
    try {
      while (!isDone(drained, deadline)) {
        if (System.nanoTime() - deadline >= 0) {
          LOG.log(
              Level.INFO,
              "{0} of {1} connections were not closed in time",
              registry.size(),
              sessions);
          return;
        }
        draining.beat();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("draining failed", e);
    }
  }

  /** Waits for a moment, and no longer than until {@code deadline}. */
  private static boolean isDone(CompletableFuture<Void> drained, long deadline)
      throws InterruptedException, ExecutionException {
    long left = Math.min(DRAIN_STEP_NANOS, deadline - System.nanoTime());
    try {
      drained.get(Math.max(0, left), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Ends every session, waits for that as long as the settings say, and ends the threads. */
  void stop() {
    drain();
    CompletableFuture<Void> unused = registry.drain(); // those that are left, whom nobody waits for
    end();
    LOG.log(Level.INFO, "Switchboard has stopped");
  }

  Settings settings() {
    return settings;
  }

  Callers callers() {
    return callers;
  }

  HttpSessions httpSessions() {
    return httpSessions;
  }

  Gatekeeper gatekeeper() {
    return gatekeeper;
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

  Metrics metrics() {
    return metrics;
  }

  /** Returns who may read the metrics: the one place that knows which credentials that takes. */
  MetricsAccess metricsAccess() {
    return settings.ops().metricsAccess() == OpsSettings.MetricsReaders.ANYONE
        ? request -> Optional.empty()
        : request -> callers.refusal(request, Set.of(Scope.READ));
  }

  Lab lab() {
    return lab;
  }

  Later later() {
    return threads::soon;
  }

  Bench bench() {
    return bench;
  }

  Routes routes() {
    return routes;
  }
}
