package io.switchboard.session;

import java.time.Duration;

/**
 * What one session may use.
 *
 * @param maxMessage the longest message of a client, in bytes of UTF-8; more closes with 1009
 * @param maxChannels how many channels it may be on
 * @param rate commands per second in the long run
 * @param burst commands at once
 * @param queueBytes how much may wait to be sent before a slow reader is given up
 * @param writeTimeout how long a reader may take nothing of what waits for it
 * @param refusedSubscriptions how many subscriptions it may be refused at once, and a tenth of that
 *     each second
 * @param maxPerUser how many sessions one user may have on this node
 */
public record SessionSettings(
    int maxMessage,
    int maxChannels,
    int rate,
    int burst,
    int queueBytes,
    Duration writeTimeout,
    int refusedSubscriptions,
    int maxPerUser) {}
