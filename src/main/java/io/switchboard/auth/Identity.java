package io.switchboard.auth;

import org.jspecify.annotations.Nullable;

/**
 * Who opened a session.
 *
 * @param user the user's id, unique among those connected
 * @param guest whether the id was made up because no credentials were given
 * @param name the display name that came with the credentials, if one did
 * @param grants what the credentials permit beyond what namespaces do
 */
public record Identity(String user, boolean guest, @Nullable String name, Grants grants) {
  /** Makes one to whom nothing in particular is granted. */
  public Identity(String user, boolean guest, @Nullable String name) {
    this(user, guest, name, Grants.NONE);
  }

  /** Makes one without a display name, to whom nothing in particular is granted. */
  public Identity(String user, boolean guest) {
    this(user, guest, null);
  }
}
