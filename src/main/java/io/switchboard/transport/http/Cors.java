package io.switchboard.transport.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * What browsers ask before pages of another origin may read an answer (Fetch Standard, section
 * 3.2). Pages that may open a WebSocket may do the same over HTTP; cookies do not travel.
 */
final class Cors {
  private static final String METHODS = "GET, POST, DELETE";
  private static final String HEADERS = "Authorization, Content-Type, Last-Event-ID";
  private static final String MAX_AGE_SECONDS = "600";

  private Cors() {}

  /** Lets the page that made the request read the answer; its origin is allowed. */
  static void allow(HttpServletRequest request, HttpServletResponse response) {
    response.addHeader("Vary", "Origin");
    String origin = request.getHeader("Origin");
    if (origin != null) {
      response.setHeader("Access-Control-Allow-Origin", origin);
      response.setHeader("Access-Control-Expose-Headers", "Location, Retry-After");
    }
  }

  /** Answers the question whether a request may be made at all. */
  static void preflight(HttpServletResponse response) {
    response.setHeader("Access-Control-Allow-Methods", METHODS);
    response.setHeader("Access-Control-Allow-Headers", HEADERS);
    response.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
  }
}
