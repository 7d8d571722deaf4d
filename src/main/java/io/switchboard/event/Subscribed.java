package io.switchboard.event;

import io.switchboard.channel.ChannelName;
import java.time.Instant;

/**
 * A session of this node came to a channel.
 *
 * @param session the session's id
 */
public record Subscribed(String session, String user, ChannelName channel, Instant at)
    implements Event {}
