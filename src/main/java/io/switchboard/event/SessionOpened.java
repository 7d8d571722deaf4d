package io.switchboard.event;

import java.time.Instant;

/**
 * A client connected to this node.
 *
 * @param session the session's id
 * @param guest whether the user's id is made up
 * @param subprotocol {@code chat} or {@code superchat}
 * @param transport what carries it, for example {@code websocket}
 * @param address where it comes from
 */
public record SessionOpened(
    String session,
    String user,
    boolean guest,
    String subprotocol,
    String transport,
    String address,
    Instant at)
    implements Event {}
