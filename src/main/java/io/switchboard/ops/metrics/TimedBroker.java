package io.switchboard.ops.metrics;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.StreamPosition;
import io.switchboard.engine.Availability;
import io.switchboard.engine.Broker;
import io.switchboard.ops.metrics.EngineMetrics.Operation;
import io.switchboard.ops.metrics.HubMetrics.Result;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A broker with a watch beside it. */
final class TimedBroker implements Broker {
  private final Broker broker;
  private final EngineMetrics engine;
  private final HubMetrics hub;
  private final LongSupplier nanos;

  TimedBroker(Broker broker, EngineMetrics engine, HubMetrics hub, LongSupplier nanos) {
    this.broker = broker;
    this.engine = engine;
    this.hub = hub;
    this.nanos = nanos;
  }

  @Override
  public CompletionStage<Published> publish(ChannelName channel, Request request) {
    long begun = nanos.getAsLong();
    return broker
        .publish(channel, request)
        .whenComplete(
            (published, error) -> {
              engine.ended(Operation.PUBLISH, nanos.getAsLong() - begun, error);
              hub.published(result(published, error));
            });
  }

  private static Result result(@Nullable Published published, @Nullable Throwable error) {
    if (published == null) {
      return Availability.isRefusal(error) ? Result.REFUSED : Result.FAILED;
    }
    return published.duplicate() ? Result.DUPLICATE : Result.ACCEPTED;
  }

  @Override
  public CompletionStage<History> history(ChannelName channel, Query query) {
    return timed(Operation.HISTORY, nanos.getAsLong(), broker.history(channel, query));
  }

  @Override
  public CompletionStage<Recovery> recover(ChannelName channel, StreamPosition since, int limit) {
    return timed(Operation.RECOVER, nanos.getAsLong(), broker.recover(channel, since, limit));
  }

  @Override
  public CompletionStage<Void> clear(ChannelName channel) {
    return timed(Operation.CLEAR, nanos.getAsLong(), broker.clear(channel));
  }

  @Override
  public void listen(Listener listener) {
    broker.listen(listener);
  }

  private <T> CompletionStage<T> timed(Operation operation, long begun, CompletionStage<T> stage) {
    return stage.whenComplete(
        (result, error) -> engine.ended(operation, nanos.getAsLong() - begun, error));
  }
}
