package io.switchboard.transport.websocket;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The languages of the endpoint, and the choice among them. */
final class Subprotocols {
  static final String CHAT = "chat";
  static final String SUPERCHAT = "superchat";

  /** An entry that carries credentials instead of naming a language. */
  static final String BEARER = "bearer.";

  static final List<String> SUPPORTED = List.of(CHAT, SUPERCHAT);

  private Subprotocols() {}

  /**
   * Returns the entries of all {@code Sec-WebSocket-Protocol} headers, in order; nothing if they
   * are not lists of tokens (RFC 6455 section 11.3.4).
   */
  static Optional<List<String>> parse(List<String> headers) {
    List<String> entries = new ArrayList<>();
    for (String header : headers) {
      for (String entry : header.split(",", -1)) {
        String token = entry.strip();
        if (!isToken(token)) {
          return Optional.empty();
        }
        entries.add(token);
      }
    }
    return Optional.of(Collections.unmodifiableList(entries));
  }

  /** Returns the first entry of the client's list that the server speaks. */
  static Optional<String> choose(List<String> offered) {
    return offered.stream().filter(SUPPORTED::contains).findFirst();
  }

  /** Returns the credentials among the entries of the client's list. */
  static List<String> tokens(List<String> offered) {
    return offered.stream()
        .filter(entry -> entry.startsWith(BEARER))
        .map(entry -> entry.substring(BEARER.length()))
        .toList();
  }

  /** Returns the client's list as it may be shown: without what its credentials say. */
  static String shown(List<String> offered) {
    return offered.stream()
        .map(entry -> isCredential(entry) ? BEARER + "…" : entry)
        .collect(Collectors.joining(", "));
  }

  /** Returns whether somebody meant it to be one, in whatever letters. */
  private static boolean isCredential(String entry) {
    return entry.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0);
  }
}
