package io.switchboard.engine.memory;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Member;
import io.switchboard.engine.PresenceStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is on which channel of the one node there is: it ends with the process, so nothing needs a
 * lease. Stages are complete when they are returned. Safe for many threads.
 */
public final class MemoryPresence implements PresenceStore {
  /** The members by session; touched under the lock that the map has for the channel. */
  private final Map<ChannelName, Map<String, Member>> channels = new ConcurrentHashMap<>();

  /** Makes one in which nobody is anywhere. */
  public MemoryPresence() {}

  @Override
  public CompletionStage<Void> put(ChannelName channel, Member member) {
    channels.compute(
        channel,
        (name, there) -> {
          Map<String, Member> members = there == null ? new LinkedHashMap<>() : there;
          members.put(member.who().session(), member);
          return members;
        });
    return done();
  }

  @Override
  public CompletionStage<Void> remove(ChannelName channel, String session) {
    channels.computeIfPresent(
        channel,
        (name, there) -> {
          there.remove(session);
          return there.isEmpty() ? null : there;
        });
    return done();
  }

  @Override
  public CompletionStage<List<Member>> members(ChannelName channel) {
    List<Member> members = new ArrayList<>();
    channels.computeIfPresent(
        channel,
        (name, there) -> {
          members.addAll(there.values());
          return there;
        });
    return CompletableFuture.completedStage(List.copyOf(members));
  }

  /** Returns on how many channels somebody is. */
  public int channelCount() {
    return channels.size();
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.<Void>completedFuture(null).minimalCompletionStage();
  }
}
