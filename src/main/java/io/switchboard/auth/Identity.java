package io.switchboard.auth;

import org.jspecify.annotations.Nullable;

/**
 * Who opened a session.
 *
 * @param user the user's id, unique among those connected
 * @param guest whether the id was made up because no credentials were given
 * @param name the display name that came with the credentials, if one did
 */
public record Identity(String user, boolean guest, @Nullable String name) {
  /** Makes one without a display name. */
  public Identity(String user, boolean guest) {
    this(user, guest, null);
  }
}
