package io.switchboard.engine;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Numbers publications, keeps a channel's history and announces what is new.
 *
 * <p>Every method may be called on any thread and returns at once. A stage completes exceptionally
 * only when the engine itself is broken; callers must not block in what they chain to it.
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

  /**
   * What to publish.
   *
   * @param publisher who asks; absent for the server itself
   * @param data what is carried
   * @param ephemeral deliver it to who listens now, and never store it
   */
  record Request(@Nullable ClientInfo publisher, Payload data, boolean ephemeral) {}

  /**
   * The answer to a publication.
   *
   * @param position where it stands; its offset is 0 when it was ephemeral
   * @param at when it was accepted
   */
  record Published(StreamPosition position, Instant at) {}

  /**
   * A piece of history.
   *
   * @param top the position of the newest publication in the log
   * @param publications what was asked for, oldest first
   */
  record History(StreamPosition top, List<Publication> publications) {
    /** Copies the list. */
    public History {
      publications = List.copyOf(publications);
    }
  }

  /**
   * Appends to the log of {@code channel} and announces it. The stage completes when the
   * publication is as safe as this engine makes it, and exceptionally with a {@link
   * java.util.concurrent.RejectedExecutionException} when too many wait before it.
   *
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  CompletionStage<Published> publish(ChannelName channel, Request request);

  /**
   * Reads the newest {@code limit} publications of {@code channel} that its namespace still keeps.
   *
   * @throws IllegalArgumentException if no namespace of that name is known
   */
  CompletionStage<History> newest(ChannelName channel, int limit);

  /** Sets who hears of publications; to be called once, before the first publication. */
  void listen(Listener listener);
}
