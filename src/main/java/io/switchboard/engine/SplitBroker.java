package io.switchboard.engine;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.StreamPosition;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Two brokers as one: namespaces that are durable live in the one that outlives the process, all
 * others in the one that does not and costs less. A channel is in one of them, so nothing about its
 * order changes. How far users have read is durable for all.
 */
public final class SplitBroker implements Broker, ReadMarkers {
  private final Set<String> passing;
  private final Broker durable;
  private final ReadMarkers markers;
  private final Broker memory;

  /**
   * Makes one of two that know all {@code namespaces}, because either refuses what is unknown.
   *
   * @param durable keeps those that are durable
   * @param memory keeps the others
   */
  public <B extends Broker & ReadMarkers> SplitBroker(
      List<Namespace> namespaces, B durable, Broker memory) {
    this.passing =
        namespaces.stream()
            .filter(namespace -> !namespace.durable())
            .map(Namespace::name)
            .collect(Collectors.toUnmodifiableSet());
    this.durable = durable;
    this.markers = durable;
    this.memory = memory;
  }

  private Broker of(ChannelName channel) {
    return passing.contains(channel.namespace()) ? memory : durable;
  }

  @Override
  public CompletionStage<Published> publish(ChannelName channel, Request request) {
    return of(channel).publish(channel, request);
  }

  @Override
  public CompletionStage<History> history(ChannelName channel, Query query) {
    return of(channel).history(channel, query);
  }

  @Override
  public CompletionStage<Recovery> recover(ChannelName channel, StreamPosition since, int limit) {
    return of(channel).recover(channel, since, limit);
  }

  @Override
  public CompletionStage<Void> clear(ChannelName channel) {
    return of(channel).clear(channel);
  }

  @Override
  public void listen(Listener listener) {
    durable.listen(listener);
    memory.listen(listener);
  }

  @Override
  public CompletionStage<Void> mark(String user, ChannelName channel, long offset) {
    return markers.mark(user, channel, offset);
  }

  @Override
  public CompletionStage<OptionalLong> marked(String user, ChannelName channel) {
    return markers.marked(user, channel);
  }
}
