package io.switchboard.transport.websocket;

import io.switchboard.http.Percent;
import io.switchboard.protocol.HandshakeRecord;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The opening handshake of RFC 6455 section 4, read from a request. */
final class Handshake {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int MAX_SHOWN = 256;

  /** What a client is shown of its own request: no cookies and no credentials. */
  private static final List<String> SHOWN =
      List.of(
          "Host",
          "Upgrade",
          "Connection",
          "Origin",
          "Sec-WebSocket-Key",
          "Sec-WebSocket-Version",
          "Sec-WebSocket-Protocol",
          "Sec-WebSocket-Extensions",
          "User-Agent");

  private Handshake() {}

  /** Returns whether the request asks for a WebSocket at all, which HTTP/1.0 cannot. */
  static boolean isUpgrade(HttpServletRequest request) {
    return !request.getProtocol().equals("HTTP/1.0")
        && hasToken(request, "Upgrade", "websocket")
        && hasToken(request, "Connection", "upgrade");
  }

  /** Returns the key, if there is exactly one and it is 16 bytes of Base64. */
  static Optional<String> key(HttpServletRequest request) {
    List<String> keys = Collections.list(request.getHeaders("Sec-WebSocket-Key"));
    if (keys.size() != 1 || keys.get(0).length() != 24) {
      return Optional.empty();
    }
    try {
      return Base64.getDecoder().decode(keys.get(0)).length == 16
          ? Optional.of(keys.get(0))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns what the server answers to {@code key}, by which the client knows it understood. */
  static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-1", e);
    }
  }

  /** Writes down the handshake that is about to succeed. */
  static HandshakeRecord record(
      HttpServletRequest request, String key, Optional<String> subprotocol) {
    Map<String, String> asked = new LinkedHashMap<>();
    for (String name : SHOWN) {
      List<String> values = Collections.list(request.getHeaders(name));
      if (!values.isEmpty()) {
        asked.put(name, shortened(shown(name, values)));
      }
    }
    Map<String, String> answered = new LinkedHashMap<>();
    answered.put("Upgrade", "websocket");
    answered.put("Connection", "Upgrade");
    answered.put("Sec-WebSocket-Accept", accept(key));
    subprotocol.ifPresent(chosen -> answered.put("Sec-WebSocket-Protocol", chosen));
    String line =
        "GET %s HTTP/1.1".formatted(shortened(Percent.withoutParameters(request.getRequestURI())));
    return new HandshakeRecord(line, asked, answered);
  }

  private static String shown(String name, List<String> values) {
    return name.equals("Sec-WebSocket-Protocol")
        ? Subprotocols.shown(Subprotocols.parse(values).orElse(List.of()))
        : String.join(", ", values);
  }

  /** A record lives as long as its session, so it keeps no long stories. */
  private static String shortened(String value) {
    return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…";
  }

  private static boolean hasToken(HttpServletRequest request, String header, String token) {
    return Collections.list(request.getHeaders(header)).stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .anyMatch(entry -> entry.strip().toLowerCase(Locale.ROOT).equals(token));
  }
}
