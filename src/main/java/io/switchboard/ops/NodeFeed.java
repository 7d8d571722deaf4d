package io.switchboard.ops;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Broker;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.Json;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * Publishes {@link NodeReport}s once a second while somebody listens to them. Called by one thread.
 */
public final class NodeFeed {
  private static final Logger LOG = System.getLogger(NodeFeed.class.getName());
  private static final ChannelName CHANNEL = new ChannelName(NodeReport.CHANNEL);
  private static final long EVERY_NANOS = 900_000_000L;

  private final Hub hub;
  private final Supplier<NodeReport> reports;
  private final Json json;
  private final Runnable second;
  private long last = Long.MIN_VALUE;

  /**
   * Makes one of what {@code reports} returns.
   *
   * @param second is told once a second, before the report
   */
  public NodeFeed(Hub hub, Supplier<NodeReport> reports, Json json, Runnable second) {
    this.hub = hub;
    this.second = second;
    this.reports = reports;
    this.json = json;
  }

  /** Publishes a report if one is due; to be called several times a second. */
  public void beat(long now) {
    if (last != Long.MIN_VALUE && now - last < EVERY_NANOS) {
      return;
    }
    last = now;
    second.run();
    if (hub.subscribers(CHANNEL) == 0) {
      return;
    }
    Payload data = Payload.of(json.read(json.write(reports.get())));
    var unused =
        hub.publish(CHANNEL, new Broker.Request(null, data, "node", true))
            .exceptionally(
                error -> {
                  LOG.log(Level.DEBUG, "a report could not be published", error);
                  return null;
                });
  }
}
