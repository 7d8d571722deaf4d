package io.switchboard.channel;

import java.time.Instant;

/**
 * Somebody on a channel.
 *
 * @param at since when
 */
public record Member(ClientInfo who, Instant at) {}
