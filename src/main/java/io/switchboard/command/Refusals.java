package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.channel.ChannelName;
import io.switchboard.engine.Availability;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.session.ClientSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The refusals that several commands share. */
final class Refusals {
  private static final Logger LOG = System.getLogger(Refusals.class.getName());

  private Refusals() {}

  /** Returns why {@code channel} is closed to somebody, if it is. */
  static Optional<Refusal> forbidden(
      ChannelPolicy policy, ChannelName channel, boolean allowed, String what) {
    if (allowed) {
      return Optional.empty();
    }
    return Optional.of(
        policy.namespace(channel).isEmpty()
            ? new Refusal(
                ErrorCode.UNKNOWN_CHANNEL,
                "channel: expected one of the namespaces " + policy.known())
            : new Refusal(ErrorCode.FORBIDDEN, "channel: you may not %s here".formatted(what)));
  }

  /** Answers the command {@code re} with {@code refusal}. */
  static void refuse(ClientSession session, long re, Refusal refusal) {
    session.refuse(new Refusal(refusal.code(), refusal.message(), re));
  }

  /** Refuses credentials, which are not read yet, rather than ignore them. */
  static boolean refuseToken(ClientSession session, long re, @Nullable String token) {
    if (token != null) {
      refuse(
          session,
          re,
          new Refusal(ErrorCode.UNAUTHENTICATED, "token: credentials are not accepted yet"));
    }
    return token != null;
  }

  /**
   * Answers where the engine failed. An engine that is only behind, or has told of itself, is no
   * news to whoever looks after it; any other failure is.
   */
  static void unavailable(ClientSession session, @Nullable Long re, String what, Throwable error) {
    if (!Availability.isRefusal(error)) {
      LOG.log(Level.ERROR, () -> "session " + session.id() + ": the engine failed", error);
    }
    session.refuse(new Refusal(ErrorCode.UNAVAILABLE, what + ", try again", re));
  }
}
