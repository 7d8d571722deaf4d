/**
 * Sessions of {@code superchat} without a WebSocket: Server-Sent Events, long polling and polling.
 *
 * <p>May import {@code admission}, {@code session}, {@code auth}, {@code protocol}, {@code
 * channel}, {@code http}, {@code concurrent}. A connection is many requests here, held together by
 * an {@link io.switchboard.transport.http.HttpConnection}; what it sends is numbered and kept until
 * the client says that it has it. Nothing waits on a thread. Start reading at {@link
 * io.switchboard.transport.http.SessionsServlet}.
 */
@NullMarked
package io.switchboard.transport.http;

import org.jspecify.annotations.NullMarked;
