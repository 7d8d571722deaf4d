package io.switchboard.ops.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchboard.engine.Broker;
import io.switchboard.engine.ReadMarkers;
import io.switchboard.ops.ConnectionLog;
import io.switchboard.ops.NodeReport;
import io.switchboard.ops.NodeState;
import io.switchboard.session.Limit;
import io.switchboard.session.LimitCounts;
import java.util.function.LongSupplier;

/**
 * Everything that is counted on this node. Safe for use by many threads.
 *
 * <p>Each part of Switchboard is given the meter that it wants, before it is made itself; {@link
 * #watch} comes last.
 */
public final class Metrics implements AutoCloseable {
  /** What a scraper may ask for besides plain text, and what it gets then. */
  static final String OPEN_METRICS = "application/openmetrics-text";

  /** An answer to a scraper. */
  public record Scraped(String mediaType, String body) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LongSupplier nanos;
  private final SessionMetrics sessions;
  private final HubMetrics hub;
  private final GateMetrics gate;
  private final ApiMetrics api;
  private final EngineMetrics engine;
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /**
   * Makes it, and begins to watch the JVM.
   *
   * @param log is told of connections that ended
   */
  public Metrics(ConnectionLog log, LongSupplier nanos) {
    this.nanos = nanos;
    sessions = new SessionMetrics(registry, log);
    hub = new HubMetrics(registry);
    gate = new GateMetrics(registry);
    api = new ApiMetrics(registry);
    engine = new EngineMetrics(registry);
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }

  /** Returns what hears of sessions. */
  public SessionMetrics sessions() {
    return sessions;
  }

  /** Returns what hears of the hub. */
  public HubMetrics hub() {
    return hub;
  }

  /** Returns what hears who is not let in. */
  public GateMetrics gate() {
    return gate;
  }

  /** Returns what hears of calls of the server API. */
  public ApiMetrics api() {
    return api;
  }

  /** Returns {@code broker} with a watch beside it. */
  public Broker timed(Broker broker) {
    return new TimedBroker(broker, engine, hub, nanos);
  }

  /** Returns {@code markers} with a watch beside them. */
  public ReadMarkers timed(ReadMarkers markers) {
    return new TimedMarkers(markers, engine, nanos);
  }

  /** Ends a second, of which {@link #totals} tell the latency. Called by one thread. */
  public void second() {
    sessions.fanOut().roll();
  }

  /** Returns what was counted since the start, and the latency of the last second. */
  public NodeReport.Totals totals() {
    return new NodeReport.Totals(
        sessions.messagesIn(), sessions.messagesOut(), hub.accepted(), sessions.fanOut().latency());
  }

  /** Shows who reached which limit from now on. */
  public void watch(LimitCounts limits) {
    for (Limit limit : Limit.values()) {
      FunctionCounter.builder("switchboard.limit.hits", limits, all -> all.count(limit))
          .description("How often somebody was refused at a limit")
          .tag("limit", limit.word())
          .register(registry);
    }
  }

  /** Shows the state of the node from now on. */
  public void watch(NodeState node) {
    registry.getPrometheusRegistry().register(new NodeMetrics(node));
  }

  /**
   * Returns all of it as Prometheus reads it.
   *
   * @param accept the scraper's {@code Accept} header; OpenMetrics if it names that, plain text
   *     otherwise
   */
  public Scraped scrape(String accept) {
    String mediaType =
        accept.contains(OPEN_METRICS)
            ? OPEN_METRICS + "; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";
    return new Scraped(mediaType, registry.scrape(mediaType));
  }

  /** Lets go of the JVM, which would keep the WAR's classes. */
  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
