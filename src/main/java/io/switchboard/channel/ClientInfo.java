package io.switchboard.channel;

import org.jspecify.annotations.Nullable;

/**
 * Who is behind a session, as others see it.
 *
 * @param session the session's id
 * @param user the user's id; a guest's is made up for the session
 * @param name the display name, if one was given
 */
public record ClientInfo(String session, String user, @Nullable String name) {}
