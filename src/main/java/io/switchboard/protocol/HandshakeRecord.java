package io.switchboard.protocol;

import java.util.Map;

/**
 * How a connection was opened: the headers that make a WebSocket, as they went over the wire.
 *
 * <p>The maps keep the order of the wire and must not be changed.
 *
 * @param line the request line
 * @param requestHeaders the client's headers, without cookies and credentials
 * @param responseHeaders the server's headers of the 101
 */
public record HandshakeRecord(
    String line, Map<String, String> requestHeaders, Map<String, String> responseHeaders) {}
