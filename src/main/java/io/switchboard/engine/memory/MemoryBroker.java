package io.switchboard.engine.memory;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.concurrent.SerialExecutor;
import io.switchboard.engine.Broker;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A broker in the memory of this process.
 *
 * <p>All of its state belongs to one serial executor, so that offset, append and announcement are
 * one step and every listener sees the same order. Memory is bounded by {@link MemorySettings}: the
 * channel that was silent longest loses its oldest publications first.
 */
public final class MemoryBroker implements Broker {
  /** What an entry costs besides its text: objects, references, the parsed JSON. An estimate. */
  private static final int OVERHEAD = 256;

  private final Map<String, Namespace> namespaces;
  private final MemorySettings settings;
  private final Clock clock;
  private final Supplier<String> epochs;
  private final SerialExecutor serial;

  /** Least recently published first. Guarded by {@link #serial}, as are the two below. */
  private final LinkedHashMap<ChannelName, ChannelLog> logs = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;
  private Listener listener = (channel, publication) -> {};

  /**
   * Makes an empty one.
   *
   * @param epochs gives a new name for each log that is begun
   */
  public MemoryBroker(
      List<Namespace> namespaces,
      MemorySettings settings,
      Clock clock,
      Supplier<String> epochs,
      Executor threads) {
    this.namespaces = new LinkedHashMap<>();
    namespaces.forEach(namespace -> this.namespaces.put(namespace.name(), namespace));
    this.settings = settings;
    this.clock = clock;
    this.epochs = epochs;
    this.serial = new SerialExecutor(threads);
  }

  @Override
  public void listen(Listener listener) {
    serial.execute(() -> this.listener = listener);
  }

  @Override
  public CompletionStage<Published> publish(ChannelName channel, Request request) {
    Namespace namespace = namespace(channel);
    return submit(() -> append(namespace, channel, request));
  }

  @Override
  public CompletionStage<History> newest(ChannelName channel, int limit) {
    Namespace namespace = namespace(channel);
    return submit(() -> read(namespace, channel, limit));
  }

  private Namespace namespace(ChannelName channel) {
    return Optional.ofNullable(namespaces.get(channel.namespace()))
        .orElseThrow(
            () -> new IllegalArgumentException("no namespace is called " + channel.namespace()));
  }

  private <T> CompletionStage<T> submit(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    serial.execute(
        () -> {
          try {
            result.complete(work.get());
          } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
          }
        });
    return result.minimalCompletionStage();
  }

  private Published append(Namespace namespace, ChannelName channel, Request request) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ChannelLog log = logs.computeIfAbsent(channel, name -> new ChannelLog(epochs.get()));
    long offset = request.ephemeral() ? 0 : ++log.top;
    Publication publication = new Publication(offset, now, request.publisher(), request.data());
    if (!request.ephemeral() && namespace.historySize() > 0) {
      log.kept.add(publication);
      bytes += cost(publication);
      trim(namespace, log, now);
    }
    forget(log);
    listener.published(channel, publication);
    return new Published(new StreamPosition(log.epoch, offset), now);
  }

  private History read(Namespace namespace, ChannelName channel, int limit) {
    ChannelLog log = logs.computeIfAbsent(channel, name -> new ChannelLog(epochs.get()));
    trim(namespace, log, clock.instant());
    forget(log);
    List<Publication> newest = new ArrayList<>(Math.min(limit, log.kept.size()));
    log.kept.stream().skip(Math.max(0, log.kept.size() - limit)).forEach(newest::add);
    return new History(log.position(), newest);
  }

  private void trim(Namespace namespace, ChannelLog log, Instant now) {
    Instant oldest = now.minus(namespace.historyAge());
    while (!log.kept.isEmpty()
        && (log.kept.size() > namespace.historySize()
            || log.kept.getFirst().at().isBefore(oldest))) {
      dropOldest(log);
    }
  }

  /** Gets back under the bounds, at the cost of the channels that were silent longest. */
  private void forget(ChannelLog current) {
    Iterator<ChannelLog> silent = logs.values().iterator();
    while (logs.size() > settings.maxChannels() && silent.hasNext()) {
      ChannelLog log = silent.next();
      if (log != current) {
        log.kept.forEach(publication -> bytes -= cost(publication));
        silent.remove();
      }
    }
    silent = logs.values().iterator();
    while (bytes > settings.maxBytes() && silent.hasNext()) {
      ChannelLog log = silent.next();
      while (bytes > settings.maxBytes() && !log.kept.isEmpty()) {
        dropOldest(log);
      }
    }
  }

  private void dropOldest(ChannelLog log) {
    bytes -= cost(log.kept.removeFirst());
  }

  private static long cost(Publication publication) {
    return OVERHEAD + 2L * publication.data().size();
  }
}
