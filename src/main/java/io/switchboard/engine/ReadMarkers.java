package io.switchboard.engine;

import io.switchboard.channel.ChannelName;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * How far each user has read on each channel.
 *
 * <p>Every method may be called on any thread and returns at once.
 */
public interface ReadMarkers {
  /** Notes that {@code user} has read up to {@code offset}; a marker never goes back. */
  CompletionStage<Void> mark(String user, ChannelName channel, long offset);

  /** Returns how far {@code user} has read; nothing if that was never said. */
  CompletionStage<OptionalLong> marked(String user, ChannelName channel);
}
