package io.switchboard.protocol;

/** Why something was refused, as told to a client that stays connected. */
public enum ErrorCode {
  BAD_JSON("bad-json", false),
  BAD_REQUEST("bad-request", false),
  UNKNOWN_TYPE("unknown-type", false),
  UNAUTHENTICATED("unauthenticated", false),
  FORBIDDEN("forbidden", false),
  UNKNOWN_CHANNEL("unknown-channel", false),
  ALREADY_SUBSCRIBED("already-subscribed", false),
  NOT_SUBSCRIBED("not-subscribed", false),
  NOT_JOINED("not-joined", false),
  LIMIT_EXCEEDED("limit-exceeded", false),
  RATE_LIMITED("rate-limited", true),
  TOO_LARGE("too-large", false),
  TOKEN_EXPIRED("token-expired", false),
  UNRECOVERABLE_POSITION("unrecoverable-position", false),
  UNAVAILABLE("unavailable", true),
  INTERNAL("internal", true);

  private final String code;
  private final boolean retry;

  ErrorCode(String code, boolean retry) {
    this.code = code;
    this.retry = retry;
  }

  /** Returns the name on the wire. */
  public String code() {
    return code;
  }

  /** Returns whether the same command may succeed later. */
  public boolean retry() {
    return retry;
  }

  /** Returns whether the client made a mistake, rather than having come at a bad moment. */
  public boolean isBadMessage() {
    return this == BAD_JSON || this == BAD_REQUEST || this == UNKNOWN_TYPE;
  }
}
