package io.switchboard.event;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import java.time.Instant;

/**
 * The engine took a publication that came in on this node. Repetitions with the same key are not
 * told.
 *
 * @param position where it stands; its offset is 0 when it was ephemeral
 */
public record PublicationAccepted(
    ChannelName channel, StreamPosition position, Publication publication) implements Event {
  @Override
  public Instant at() {
    return publication.at();
  }
}
