package io.switchboard.engine;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Journey;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Numbers publications, keeps a channel's history and announces what is new.
 *
 * <p>Every method may be called on any thread and returns at once. A stage completes exceptionally
 * only when the engine is broken, behind or cut off from its store, see {@link Availability};
 * callers must not block in what they chain to it.
 */
public interface Broker {
  /** Hears every publication. */
  interface Listener {
    /**
     * Called once for each publication, in the order of offsets within a channel, one call at a
     * time for a channel. Must not block.
     */
    void published(ChannelName channel, Publication publication);

    /** Returns whether anybody listens on {@code channel} now. */
    boolean isListening(ChannelName channel);
  }

  /** For so long a publication with the same key is known to be the same. */
  Duration KEY_LIFETIME = Duration.ofMinutes(5);

  /**
   * What to publish.
   *
   * @param publisher who asks; absent for the server itself
   * @param data what is carried
   * @param key makes it idempotent: within {@link #KEY_LIFETIME}, another one of the same user,
   *     channel and key is not published but answered with the position of the first. Where a
   *     namespace delivers the latest it names the value that is replaced, and is not compared
   * @param ephemeral deliver it to who listens now, and never store it; its key is carried and not
   *     compared
   * @param journey to be announced with it, in this process, and not kept; the hub completes it
   */
  record Request(
      @Nullable ClientInfo publisher,
      Payload data,
      @Nullable String key,
      boolean ephemeral,
      @Nullable Journey journey) {
    /** Makes one that nobody follows. */
    public Request(
        @Nullable ClientInfo publisher, Payload data, @Nullable String key, boolean ephemeral) {
      this(publisher, data, key, ephemeral, null);
    }

    /** Returns the same on its {@code journey}. */
    public Request on(Journey journey) {
      return new Request(publisher, data, key, ephemeral, journey);
    }

    /** Returns the key if one that is the same must not be published again. */
    public @Nullable String idempotencyKey(Namespace namespace) {
      return ephemeral || namespace.deliver() == Namespace.Deliver.LATEST ? null : key;
    }
  }

  /**
   * The answer to a publication.
   *
   * @param position where it stands; its offset is 0 when it was ephemeral
   * @param at when it was accepted
   * @param duplicate whether it is the answer to an earlier one with the same key
   */
  record Published(StreamPosition position, Instant at, boolean duplicate) {}

  /**
   * Which piece of history to read.
   *
   * @param since where to begin, exclusive; absent for the end that {@code reverse} begins at. Its
   *     epoch is not compared
   * @param limit how many publications at most
   * @param reverse newest first, going back from {@code since}
   */
  record Query(@Nullable StreamPosition since, int limit, boolean reverse) {}

  /**
   * A piece of history.
   *
   * @param top the position of the newest publication in the log
   * @param publications what was asked for
   */
  record History(StreamPosition top, List<Publication> publications) {
    /** Copies the list. */
    public History {
      publications = List.copyOf(publications);
    }
  }

  /**
   * What a client has missed.
   *
   * @param top the position of the newest publication in the log
   * @param recovered whether all that came since can be told; if not, there are no publications
   * @param publications what was missed, oldest first, or the beginning of it
   */
  record Recovery(StreamPosition top, boolean recovered, List<Publication> publications) {
    /** Copies the list. */
    public Recovery {
      publications = List.copyOf(publications);
    }

    /** Judges what was read of the log after {@code since}. */
    static Recovery of(StreamPosition since, History history) {
      StreamPosition top = history.top();
      List<Publication> publications = history.publications();
      // Offsets have no holes: if the next one is there, so are all that came after it.
      boolean recovered =
          since.epoch().equals(top.epoch())
              && (publications.isEmpty()
                  ? since.offset() == top.offset()
                  : publications.get(0).offset() == since.offset() + 1);
      return new Recovery(top, recovered, recovered ? publications : List.of());
    }
  }

  /**
   * Appends to the log of {@code channel} and announces it. The stage completes when the
   * publication is as safe as this engine makes it, and exceptionally with a {@link
   * java.util.concurrent.RejectedExecutionException} when too many wait before it or the store is
   * away.
   *
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  CompletionStage<Published> publish(ChannelName channel, Request request);

  /**
   * Reads what the namespace of {@code channel} still keeps.
   *
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  CompletionStage<History> history(ChannelName channel, Query query);

  /**
   * Reads what came after {@code since}, the first {@code limit} of it, or says that it cannot be
   * told: when the log is another one, when the publication after {@code since} is kept no longer,
   * or when {@code since} lies in the future.
   *
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  default CompletionStage<Recovery> recover(ChannelName channel, StreamPosition since, int limit) {
    return history(channel, new Query(since, limit, false))
        .thenApply(history -> Recovery.of(since, history));
  }

  /**
   * Forgets what {@code channel} has kept. Offsets go on, the epoch stays.
   *
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  CompletionStage<Void> clear(ChannelName channel);

  /** Sets who hears of publications; to be called once, before the first publication. */
  void listen(Listener listener);
}
