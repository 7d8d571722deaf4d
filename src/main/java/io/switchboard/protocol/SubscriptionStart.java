package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Member;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription begins.
 *
 * @param top the position before the first live publication
 * @param recovered whether {@code publications} are all that was missed; absent if nothing was
 *     asked
 * @param publications what was missed, oldest first
 * @param members who is there; absent if that was not asked
 * @param read how far the user has read, if that is known
 */
public record SubscriptionStart(
    ChannelName channel,
    StreamPosition top,
    @Nullable Boolean recovered,
    List<Publication> publications,
    @Nullable List<Member> members,
    OptionalLong read) {
  /** Copies the lists. */
  public SubscriptionStart {
    publications = List.copyOf(publications);
    members = members == null ? null : List.copyOf(members);
  }

  /** Returns a copy that says how far the user has read. */
  public SubscriptionStart withRead(OptionalLong marker) {
    return new SubscriptionStart(channel, top, recovered, publications, members, marker);
  }
}
