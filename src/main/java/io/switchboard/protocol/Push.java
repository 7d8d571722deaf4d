package io.switchboard.protocol;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.ClientInfo;
import io.switchboard.channel.Publication;
import java.time.Instant;

/** What happens on a channel and is told to those who listen, whatever subprotocol they speak. */
public sealed interface Push {
  /** Returns where it happened. */
  ChannelName channel();

  /** Something was published. */
  record Published(ChannelName channel, Publication publication) implements Push {}

  /** Somebody came. */
  record Joined(ChannelName channel, ClientInfo who, Instant at) implements Push {}

  /** Somebody went. */
  record Left(ChannelName channel, ClientInfo who, Instant at) implements Push {}
}
