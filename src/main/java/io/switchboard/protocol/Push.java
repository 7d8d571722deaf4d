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

  /**
   * Publications will never come: they were trimmed or dropped. Told before the next one.
   *
   * @param from the first offset that is missing
   * @param to the last offset that is missing
   */
  record Gap(ChannelName channel, long from, long to) implements Push {
    /** Checks the order. */
    public Gap {
      if (from < 1 || to < from) {
        throw new IllegalArgumentException("no gap: from %d to %d".formatted(from, to));
      }
    }
  }

  /**
   * A session listens no more, without having asked for that.
   *
   * @param code why, in the words of errors
   * @param reason why, for people
   * @param resubscribe whether it should subscribe again
   */
  record Unsubscribed(ChannelName channel, ErrorCode code, String reason, boolean resubscribe)
      implements Push {}
}
