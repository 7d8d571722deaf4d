package io.switchboard.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session of this node ended.
 *
 * @param session the session's id
 * @param code the close code; absent where the client or the network ended it
 * @param reason why; absent as the code is
 */
public record SessionClosed(
    String session, String user, @Nullable Integer code, @Nullable String reason, Instant at)
    implements Event {}
