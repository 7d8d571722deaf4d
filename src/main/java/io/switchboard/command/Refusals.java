package io.switchboard.command;

import io.switchboard.auth.ChannelPolicy.Verdict;
import io.switchboard.engine.Availability;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.session.ClientSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The refusals that several commands share. */
final class Refusals {
  private static final Logger LOG = System.getLogger(Refusals.class.getName());

  /** So long an engine may take to catch up. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private Refusals() {}

  /**
   * Returns what was decided as an answer to a command, if that is no.
   *
   * @param field which field of the command names the channel
   */
  static Optional<Refusal> of(Verdict verdict, String field) {
    if (verdict instanceof Verdict.Denied denied) {
      return Optional.of(new Refusal(ErrorCode.FORBIDDEN, field + ": " + denied.why()));
    }
    if (verdict instanceof Verdict.NeedsToken) {
      throw new IllegalArgumentException("who has no token was not told apart");
    }
    if (verdict instanceof Verdict.Unknown unknown) {
      return Optional.of(new Refusal(ErrorCode.UNKNOWN_CHANNEL, field + ": " + unknown.accepted()));
    }
    return Optional.empty();
  }

  /** Returns the answer to who asks for a channel and was refused too many. */
  static Refusal tooManyRefused(String field) {
    return new Refusal(
        ErrorCode.RATE_LIMITED,
        field + ": too many that you may not have were asked for",
        null,
        RETRY_AFTER);
  }

  /** Answers the command {@code re} with {@code refusal}. */
  static void refuse(ClientSession session, long re, Refusal refusal) {
    session.refuse(refusal.answering(re));
  }

  /** Refuses credentials, which are not read yet, rather than ignore them. */
  static boolean refuseToken(ClientSession session, long re, @Nullable String token) {
    if (token != null) {
      refuse(
          session,
          re,
          new Refusal(ErrorCode.UNAUTHENTICATED, "token: no tokens are accepted here"));
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
    session.refuse(new Refusal(ErrorCode.UNAVAILABLE, what + ", try again", re, RETRY_AFTER));
  }
}
