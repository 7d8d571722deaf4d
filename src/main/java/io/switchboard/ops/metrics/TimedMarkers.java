package io.switchboard.ops.metrics;

import io.switchboard.channel.ChannelName;
import io.switchboard.engine.ReadMarkers;
import io.switchboard.ops.metrics.EngineMetrics.Operation;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Read markers with a watch beside them. */
final class TimedMarkers implements ReadMarkers {
  private final ReadMarkers markers;
  private final EngineMetrics engine;
  private final LongSupplier nanos;

  TimedMarkers(ReadMarkers markers, EngineMetrics engine, LongSupplier nanos) {
    this.markers = markers;
    this.engine = engine;
    this.nanos = nanos;
  }

  @Override
  public CompletionStage<Void> mark(String user, ChannelName channel, long offset) {
    long begun = nanos.getAsLong();
    return markers
        .mark(user, channel, offset)
        .whenComplete(
            (done, error) -> engine.ended(Operation.MARK, nanos.getAsLong() - begun, error));
  }

  @Override
  public CompletionStage<OptionalLong> marked(String user, ChannelName channel) {
    long begun = nanos.getAsLong();
    return markers
        .marked(user, channel)
        .whenComplete(
            (marker, error) -> engine.ended(Operation.MARKED, nanos.getAsLong() - begun, error));
  }
}
