package io.switchboard.auth;

/**
 * Who opened a session.
 *
 * @param user the user's id, unique among those connected
 * @param guest whether the id was made up because no credentials were given
 */
public record Identity(String user, boolean guest) {}
