package io.switchboard.http;

import java.time.Duration;

/**
 * How patient the server is with a request.
 *
 * @param timeout how long it may take until its body has come and its answer is taken
 */
public record RequestSettings(Duration timeout) {}
