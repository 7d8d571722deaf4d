package io.switchboard.hub;

import io.switchboard.channel.ChannelName;

/**
 * How far a session has been told on a channel.
 *
 * @param offset the last that went into its queue; 0 where the channel keeps no log
 * @param behind whether what is published does not go straight into its queue, but is given to it
 *     as it makes room
 */
public record Standing(ChannelName channel, long offset, boolean behind) {}
