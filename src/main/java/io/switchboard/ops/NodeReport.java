package io.switchboard.ops;

import io.switchboard.channel.Namespace;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * How this node is: what the admin page shows at its top, by request and each second.
 *
 * @param at when that was
 * @param since when the node was started
 * @param sessions connections, by what carries them
 * @param queuedBytes what waits for all slow readers together, of at most {@code queueLimit}
 * @param messagesIn messages of clients since the start
 * @param messagesOut messages written for clients since the start
 * @param published publications that this node took since its start
 * @param latency from a publication being handed in to its being written, once for each client
 * @param engine whether publications can be kept now
 */
@JsonbPropertyOrder({
  "node",
  "at",
  "since",
  "draining",
  "engine",
  "connections",
  "sessions",
  "channels",
  "queuedBytes",
  "queueLimit",
  "messagesIn",
  "messagesOut",
  "published",
  "latency",
  "heap"
})
public record NodeReport(
    String node,
    Instant at,
    Instant since,
    boolean draining,
    boolean engine,
    int connections,
    Map<String, Integer> sessions,
    int channels,
    long queuedBytes,
    long queueLimit,
    long messagesIn,
    long messagesOut,
    long published,
    Latency latency,
    Heap heap) {
  /** The namespace of {@link #CHANNEL}: nobody may listen to whom it is not granted. */
  public static final String NAMESPACE = Namespace.ADMIN;

  /** Where the report is published while somebody listens. */
  public static final String CHANNEL = NAMESPACE + ":node";

  /** Of what was written in the last second, in microseconds; all 0 where nothing was. */
  @JsonbPropertyOrder({"count", "p50", "p99"})
  public record Latency(long count, long p50, long p99) {
    /** Where nothing was published. */
    public static final Latency NONE = new Latency(0, 0, 0);
  }

  /** Bytes of the JVM. */
  @JsonbPropertyOrder({"used", "max"})
  public record Heap(long used, long max) {}

  /** Returns the namespace of the channel. */
  public static Namespace namespace() {
    return new Namespace(
        NAMESPACE,
        Namespace.Access.SERVER,
        Namespace.Access.SERVER,
        0,
        Duration.ofDays(30),
        false,
        Namespace.Deliver.LATEST,
        false,
        0);
  }

  /**
   * What was counted since the start.
   *
   * @param published publications that were taken
   */
  public record Totals(long messagesIn, long messagesOut, long published, Latency latency) {}

  /** Returns how {@code node} is now. */
  public static NodeReport of(NodeState node, Totals totals, Instant at, Instant since) {
    Map<String, Integer> sessions = new TreeMap<>();
    node.sessions().forEach(session -> sessions.merge(session.transport(), 1, Integer::sum));
    Runtime jvm = Runtime.getRuntime();
    return new NodeReport(
        node.name(),
        at,
        since,
        node.isDraining(),
        node.isEngineAvailable(),
        node.sessions().size(),
        sessions,
        node.channels(),
        node.queueBytes(),
        node.maxQueueBytes(),
        totals.messagesIn(),
        totals.messagesOut(),
        totals.published(),
        totals.latency(),
        new Heap(jvm.totalMemory() - jvm.freeMemory(), jvm.maxMemory()));
  }
}
