package io.switchboard.engine;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Member;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Who is on which channel, on every node.
 *
 * <p>Every method may be called on any thread and returns at once. What one node asks about one
 * channel takes effect in the order in which it was asked. A stage completes exceptionally only
 * when the engine cannot be reached; callers must not block in what they chain to it.
 */
public interface PresenceStore {
  /**
   * So long after a node has died at most, what it had put is gone. Where entries outlive the node,
   * the engine keeps them on a lease that it renews by itself while the node lives.
   */
  Duration LEASE = Duration.ofSeconds(30);

  /** Notes that {@code member} is on {@code channel}; replaces what was noted of its session. */
  CompletionStage<Void> put(ChannelName channel, Member member);

  /** Notes that {@code session} is not on {@code channel}; without effect if it was not. */
  CompletionStage<Void> remove(ChannelName channel, String session);

  /** Returns who is on {@code channel}, session by session, those of a node as they came. */
  CompletionStage<List<Member>> members(ChannelName channel);
}
