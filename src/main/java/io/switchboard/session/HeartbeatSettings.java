package io.switchboard.session;

import java.time.Duration;

/**
 * How dead connections are noticed.
 *
 * @param interval from one Ping frame to the next
 * @param timeout how long a peer may show no life after a Ping
 */
public record HeartbeatSettings(Duration interval, Duration timeout) {}
