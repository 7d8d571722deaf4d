package io.switchboard.channel;

/**
 * A place in a channel's log.
 *
 * @param epoch which log: another epoch means that the log was begun anew
 * @param offset the last publication that lies behind; 0 before the first
 */
public record StreamPosition(String epoch, long offset) {}
