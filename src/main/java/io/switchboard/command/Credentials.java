package io.switchboard.command;

import io.switchboard.auth.Identity;
import io.switchboard.auth.Tokens;
import io.switchboard.auth.Tokens.Verdict;
import io.switchboard.protocol.CloseCode;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Refusal;
import io.switchboard.session.ClientSession;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the tokens that clients of {@code superchat} show, by {@code connect} and by {@code
 * refresh}. A bad one is never ignored.
 */
final class Credentials {
  /** So long keys may take to come. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Tokens tokens;

  Credentials(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Lets in whoever says {@code connect}; refuses it, and ends the session, where its credentials
   * are not good enough.
   *
   * @return whether it may go on
   */
  boolean admit(ClientSession session, long re, @Nullable String token) {
    Optional<Refusal> refusal = Optional.empty();
    if (token != null) {
      refusal = take(session, token);
    } else if (session.pass().tokenNeeded()) {
      refusal =
          Optional.of(
              new Refusal(ErrorCode.UNAUTHENTICATED, "token: it is needed, guests are not let in"));
    }
    if (refusal.isEmpty()) {
      return true;
    }
    Refusals.refuse(session, re, refusal.get());
    if (tokens.accepted()) {
      session.close(end(refusal.get()));
    }
    return false;
  }

  private static Disconnect end(Refusal refusal) {
    return switch (refusal.code()) {
      case TOKEN_EXPIRED -> Disconnect.TOKEN_EXPIRED;
      case UNAVAILABLE -> Disconnect.of(CloseCode.TRY_AGAIN_LATER, "tokens cannot be checked now");
      default -> Disconnect.of(CloseCode.UNAUTHENTICATED, "unauthenticated");
    };
  }

  /** Takes a token for a session; returns why not. */
  Optional<Refusal> take(ClientSession session, String token) {
    Verdict verdict = tokens.verify(token);
    if (verdict instanceof Verdict.Unknown unknown) {
      return Optional.of(
          new Refusal(ErrorCode.UNAVAILABLE, "token: " + unknown.why(), null, RETRY_AFTER));
    }
    if (verdict instanceof Verdict.Bad bad) {
      return Optional.of(
          new Refusal(
              bad.expired() ? ErrorCode.TOKEN_EXPIRED : ErrorCode.UNAUTHENTICATED,
              "token: " + bad.why()));
    }
    Verdict.Good good = (Verdict.Good) verdict;
    Identity before = session.identity();
    boolean another = !good.identity().user().equals(before.user());
    if (another && (!before.guest() || session.isIntroduced())) {
      return Optional.of(new Refusal(ErrorCode.UNAUTHENTICATED, "token: it is of another user"));
    }
    return session.renew(good.identity(), good.expires())
        ? Optional.empty()
        : Optional.of(new Refusal(ErrorCode.UNAVAILABLE, "the session has ended"));
  }
}
