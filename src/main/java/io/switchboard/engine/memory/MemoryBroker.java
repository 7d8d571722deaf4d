package io.switchboard.engine.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import io.switchboard.concurrent.SerialExecutor;
import io.switchboard.engine.Broker;
import io.switchboard.engine.ReadMarkers;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker in the memory of this process.
 *
 * <p>All of its state belongs to one serial executor, so that offset, append and announcement are
 * one step and every listener sees the same order. Memory is bounded by {@link MemorySettings}.
 */
public final class MemoryBroker implements Broker, ReadMarkers {
  /** What an entry costs besides its text: objects, references, the parsed JSON. An estimate. */
  private static final int OVERHEAD = 256;

  /** So large a part of the bound is freed at once. */
  private static final int ROOM_PART = 16;

  private static final int MAX_KEYS = 100_000;

  /** So many publications may wait to be numbered before more are refused. */
  private static final int MAX_BACKLOG = 50_000;

  /** What makes a publication the same as another one. */
  private record Key(String user, ChannelName channel, String key) {}

  private record Reader(String user, ChannelName channel) {}

  private final Map<String, Namespace> namespaces;

  /** The answers to publications with keys, and the markers; both forget at their bound. */
  private final Cache<Key, Published> keys;

  private final Cache<Reader, Long> markers;
  private final MemorySettings settings;
  private final Clock clock;
  private final Supplier<String> epochs;
  private final SerialExecutor serial;

  /** Least recently published first. Guarded by {@link #serial}, as is all below. */
  private final LinkedHashMap<ChannelName, ChannelLog> logs = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  /** The epoch of logs that are begun; a new one once a log was forgotten. */
  private String epoch;

  private Listener listener = new Nobody();

  /** Listens until somebody does. */
  private static final class Nobody implements Listener {
    @Override
    public void published(ChannelName channel, Publication publication) {}

    @Override
    public boolean isListening(ChannelName channel) {
      return false;
    }
  }

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
    this.epoch = epochs.get();
    this.serial = new SerialExecutor(threads);
    this.keys =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEYS)
            .expireAfterWrite(KEY_LIFETIME)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
    this.markers = Caffeine.newBuilder().maximumSize(MAX_KEYS).executor(Runnable::run).build();
  }

  @Override
  public void listen(Listener listener) {
    serial.execute(() -> this.listener = listener);
  }

  @Override
  public CompletionStage<Published> publish(ChannelName channel, Request request) {
    Namespace namespace = namespace(channel);
    if (serial.pending() > MAX_BACKLOG) {
      return CompletableFuture.failedStage(
          new RejectedExecutionException("too many publications wait"));
    }
    return submit(() -> append(namespace, channel, request));
  }

  @Override
  public CompletionStage<History> history(ChannelName channel, Query query) {
    Namespace namespace = namespace(channel);
    return submit(() -> read(namespace, channel, query));
  }

  @Override
  public CompletionStage<Void> clear(ChannelName channel) {
    namespace(channel);
    return submit(
        () -> {
          ChannelLog log = logs.get(channel);
          while (log != null && !log.kept.isEmpty()) {
            dropOldest(log);
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Void> mark(String user, ChannelName channel, long offset) {
    return submit(
        () -> {
          markers.asMap().merge(new Reader(user, channel), offset, Math::max);
          return null;
        });
  }

  @Override
  public CompletionStage<OptionalLong> marked(String user, ChannelName channel) {
    return submit(
        () -> {
          Long marker = markers.getIfPresent(new Reader(user, channel));
          return marker == null ? OptionalLong.empty() : OptionalLong.of(marker);
        });
  }

  private Namespace namespace(ChannelName channel) {
    return Optional.ofNullable(namespaces.get(channel.namespace()))
        .orElseThrow(
            () -> new IllegalArgumentException("no namespace is called " + channel.namespace()));
  }

  private <T extends @Nullable Object> CompletionStage<T> submit(Supplier<T> work) {
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
    Key key = key(namespace, channel, request);
    Published first = key == null ? null : keys.getIfPresent(key);
    if (first != null) {
      return new Published(first.position(), first.at(), true);
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ChannelLog log = logs.computeIfAbsent(channel, name -> new ChannelLog(epoch));
    long offset = request.ephemeral() ? 0 : ++log.top;
    Publication publication =
        new Publication(offset, now, request.publisher(), request.data(), request.key());
    if (!request.ephemeral() && namespace.historySize() > 0) {
      log.kept.add(publication);
      bytes += cost(publication);
      trim(namespace, log, now);
    }
    forget(log);
    Published published = new Published(new StreamPosition(log.epoch, offset), now, false);
    if (key != null) {
      keys.put(key, published);
    }
    listener.published(channel, publication.on(request.journey()));
    return published;
  }

  private static @Nullable Key key(Namespace namespace, ChannelName channel, Request request) {
    String key = request.idempotencyKey(namespace);
    if (key == null) {
      return null;
    }
    ClientInfo publisher = request.publisher();
    return new Key(publisher == null ? "" : publisher.user(), channel, key);
  }

  private History read(Namespace namespace, ChannelName channel, Query query) {
    ChannelLog log = logs.get(channel);
    if (log == null) { // reading must not cost memory: anybody may read anything
      return new History(new StreamPosition(epoch, 0), List.of());
    }
    trim(namespace, log, clock.instant());
    StreamPosition since = query.since();
    List<Publication> found = new ArrayList<>();
    Iterator<Publication> kept =
        query.reverse() ? log.kept.descendingIterator() : log.kept.iterator();
    while (kept.hasNext() && found.size() < query.limit()) {
      Publication publication = kept.next();
      if (since == null
          || (query.reverse()
              ? publication.offset() < since.offset()
              : publication.offset() > since.offset())) {
        found.add(publication);
      }
    }
    return new History(log.position(), found);
  }

  private void trim(Namespace namespace, ChannelLog log, Instant now) {
    Instant oldest = now.minus(namespace.historyAge());
    while (!log.kept.isEmpty()
        && (log.kept.size() > namespace.historySize()
            || log.kept.getFirst().at().isBefore(oldest))) {
      dropOldest(log);
    }
  }

  /**
   * Gets back under the bounds. First go the channels on which nobody listens, the one that was
   * silent longest before the others; then the largest ones lose their oldest publications.
   */
  private void forget(ChannelLog current) {
    if (logs.size() <= settings.maxChannels() && bytes <= settings.maxBytes()) {
      return;
    }
    // A little more than needed, so that not every publication has to look for room again.
    long enough = settings.maxBytes() - settings.maxBytes() / ROOM_PART;
    Iterator<Map.Entry<ChannelName, ChannelLog>> silent = logs.entrySet().iterator();
    while (silent.hasNext() && (logs.size() > settings.maxChannels() || bytes > enough)) {
      Map.Entry<ChannelName, ChannelLog> entry = silent.next();
      if (entry.getValue() != current && !listener.isListening(entry.getKey())) {
        entry.getValue().kept.forEach(publication -> bytes -= cost(publication));
        silent.remove();
        epoch = epochs.get();
      }
    }
    while (bytes > enough) {
      ChannelLog largest =
          Collections.max(logs.values(), Comparator.comparingInt(log -> log.kept.size()));
      for (int half = (largest.kept.size() + 1) / 2; half > 0 && bytes > enough; half--) {
        dropOldest(largest);
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
