package io.switchboard.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchboard.ops.ConnectionLog;
import io.switchboard.protocol.CloseCode;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.session.ClientSession;
import io.switchboard.session.Flow;
import io.switchboard.session.SessionMeter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** Counts what sessions do. Safe for use by many threads. */
public final class SessionMetrics implements SessionMeter {
  /** Stands for what has no label of its own. */
  static final String OTHER = "other";

  /** What transports call themselves; {@code http} has sent commands and not listened yet. */
  static final List<String> TRANSPORTS =
      List.of("websocket", "sse", "longpoll", "polling", "http", OTHER);

  /** Close codes that no Close frame carries (RFC 6455 section 7.4.1). */
  private static final List<Integer> RESERVED = List.of(1005, 1006);

  private final Map<String, Flow> flows = new HashMap<>();
  private final Map<Integer, Counter> closed = new HashMap<>();
  private final Counter closedOtherwise;
  private final Map<String, Counter> opened = new HashMap<>();
  private final Map<ErrorCode, LongAdder> refused = new EnumMap<>(ErrorCode.class);
  private final FanOut fanOut = new FanOut();
  private final ConnectionLog log;

  // The maps do not change after this, so any thread may read them.
  SessionMetrics(PrometheusMeterRegistry registry, ConnectionLog log) {
    this.log = log;
    TRANSPORTS.forEach(name -> flows.put(name, flow(registry, name)));
    for (String subprotocol : NodeMetrics.SUBPROTOCOLS) {
      opened.put(
          subprotocol,
          Counter.builder("switchboard.sessions.opened")
              .description("Sessions that began")
              .tag("subprotocol", subprotocol)
              .register(registry));
    }
    for (CloseCode code : CloseCode.values()) {
      closed.put(code.number(), closed(registry, Integer.toString(code.number())));
    }
    RESERVED.forEach(code -> closed.put(code, closed(registry, Integer.toString(code))));
    closedOtherwise = closed(registry, OTHER);
    for (ErrorCode code : ErrorCode.values()) {
      LongAdder count = new LongAdder();
      refused.put(code, count);
      FunctionCounter.builder("switchboard.command.errors", count, LongAdder::sum)
          .description("Commands that were answered with an error")
          .tag("code", code.code())
          .register(registry);
    }
    registry.getPrometheusRegistry().register(fanOut);
  }

  private static Counter closed(PrometheusMeterRegistry registry, String code) {
    return Counter.builder("switchboard.sessions.closed")
        .description("Sessions whose connection ended, by close code")
        .tag("code", code)
        .register(registry);
  }

  private static Flow flow(PrometheusMeterRegistry registry, String transport) {
    Flow flow = new Flow(transport);
    count(
        registry,
        flow,
        "messages.received",
        "Messages of clients; a batch is one",
        Flow::messagesIn);
    count(registry, flow, "messages.sent", "Messages written for clients", Flow::messagesOut);
    count(registry, flow, "received.bytes", "Bytes of clients' messages", Flow::bytesIn);
    count(registry, flow, "sent.bytes", "Bytes of messages written for clients", Flow::bytesOut);
    return flow;
  }

  private static void count(
      PrometheusMeterRegistry registry,
      Flow flow,
      String name,
      String description,
      ToDoubleFunction<Flow> value) {
    FunctionCounter.builder("switchboard." + name, flow, value)
        .description(description)
        .tag("transport", flow.transport())
        .register(registry);
  }

  FanOut fanOut() {
    return fanOut;
  }

  long messagesIn() {
    return flows.values().stream().mapToLong(Flow::messagesIn).sum();
  }

  long messagesOut() {
    return flows.values().stream().mapToLong(Flow::messagesOut).sum();
  }

  @Override
  public Flow flow(String transport) {
    Flow flow = flows.get(transport);
    return flow == null ? flows.getOrDefault(OTHER, new Flow(OTHER)) : flow;
  }

  @Override
  public void opened(ClientSession session) {
    Counter counter = opened.get(session.codec().subprotocol());
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void closed(ClientSession session, int code) {
    closed.getOrDefault(code, closedOtherwise).increment();
    log.closed(session, code);
  }

  @Override
  public void refused(ErrorCode code) {
    LongAdder count = refused.get(code);
    if (count != null) {
      count.increment();
    }
  }

  @Override
  public void told(long nanos) {
    fanOut.record(nanos);
  }
}
