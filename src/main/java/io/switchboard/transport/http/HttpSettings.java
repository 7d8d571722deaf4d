package io.switchboard.transport.http;

import java.time.Duration;

/**
 * Sessions without a WebSocket.
 *
 * @param timeout for how long a client may make no request before its session ends
 */
public record HttpSettings(Duration timeout) {}
