/**
 * Sessions over WebSocket: the gate before the handshake, the endpoint behind it.
 *
 * <p>The only package that knows {@code jakarta.websocket}. May import {@code session}, {@code
 * auth}, {@code protocol}, {@code channel}, {@code http}. Start reading at {@link
 * io.switchboard.transport.websocket.HandshakeGate}.
 */
@NullMarked
package io.switchboard.transport.websocket;

import org.jspecify.annotations.NullMarked;
