package io.switchboard.api;

import io.switchboard.http.Problem;
import io.switchboard.protocol.ErrorCode;

/** A call, or a part of one, that is turned down. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1;
  private final transient Problem problem;

  Refused(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }

  static Refused badRequest(String detail) {
    return new Refused(
        Problem.of(400, "Bad request", detail).member("code", ErrorCode.BAD_REQUEST.code()));
  }

  static Refused tooLarge(String detail) {
    return new Refused(
        Problem.of(413, "Too large", detail).member("code", ErrorCode.TOO_LARGE.code()));
  }

  static Problem timeout(String detail) {
    return Problem.of(408, "Request timeout", detail);
  }

  static Problem unavailable(String detail) {
    return Problem.of(503, "Unavailable", detail)
        .header("Retry-After", "1")
        .member("code", ErrorCode.UNAVAILABLE.code());
  }
}
