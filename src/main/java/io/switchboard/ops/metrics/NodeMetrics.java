package io.switchboard.ops.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.switchboard.ops.NodeState;
import io.switchboard.session.ClientSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is now, asked for once a scrape: connections, queues, readers that are behind.
 *
 * <p>The sessions are counted one by one rather than up and down, because what carries a session
 * changes while it lasts.
 */
final class NodeMetrics implements MultiCollector {
  /** The languages that clients speak. */
  static final List<String> SUBPROTOCOLS = List.of("chat", "superchat");

  private final NodeState node;

  NodeMetrics(NodeState node) {
    this.node = node;
  }

  @Override
  public MetricSnapshots collect() {
    Map<Labels, Integer> connections = new HashMap<>();
    for (String transport : SessionMetrics.TRANSPORTS) {
      for (String subprotocol : SUBPROTOCOLS) {
        if (transport.equals("websocket") || subprotocol.equals("superchat")) {
          connections.put(labels(transport, subprotocol), 0);
        }
      }
    }
    long behind = 0;
    for (ClientSession session : node.sessions()) {
      String transport = session.transport();
      connections.merge(
          labels(
              SessionMetrics.TRANSPORTS.contains(transport) ? transport : SessionMetrics.OTHER,
              session.codec().subprotocol()),
          1,
          Integer::sum);
      behind += session.counts().isBehind() ? 1 : 0;
    }
    GaugeSnapshot.Builder byKind =
        GaugeSnapshot.builder()
            .name("switchboard_connections")
            .help("Connections, by what carries them and what they speak");
    connections.forEach((labels, count) -> byKind.dataPoint(point(labels, count)));
    return MetricSnapshots.of(
        byKind.build(),
        gauge("switchboard_sessions_behind", "Sessions that are being caught up", behind),
        gauge("switchboard_channels", "Channels on which somebody listens", node.channels()),
        gauge("switchboard_queue_bytes", "What waits for slow readers", node.queueBytes()),
        gauge("switchboard_queue_max_bytes", "What may wait for them", node.maxQueueBytes()),
        gauge(
            "switchboard_engine_available",
            "1 if the engine keeps what is published",
            node.isEngineAvailable() ? 1 : 0),
        gauge("switchboard_draining", "1 if nobody is let in any more", node.isDraining() ? 1 : 0));
  }

  private static Labels labels(String transport, String subprotocol) {
    return Labels.of("subprotocol", subprotocol, "transport", transport);
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(Labels.EMPTY, (double) value))
        .build();
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
