package io.switchboard.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An opening handshake (RFC 6455, section 4.1), right at first and bent by the test.
 *
 * <p>An immutable value: {@link #with} replaces a header, {@link #and} adds one more line of it,
 * {@link #without} drops it.
 */
record Handshake(Target target, String method, String path, List<HttpReply.Header> headers) {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  Handshake {
    headers = List.copyOf(headers);
  }

  /** A handshake for {@code chat} without subprotocol, origin or credentials. */
  static Handshake to(Target target) {
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    return new Handshake(
        target,
        "GET",
        target.path("/chat"),
        List.of(
            new HttpReply.Header("Host", target.authority()),
            new HttpReply.Header("Upgrade", "websocket"),
            new HttpReply.Header("Connection", "Upgrade"),
            new HttpReply.Header("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(nonce)),
            new HttpReply.Header("Sec-WebSocket-Version", "13")));
  }

  Handshake method(String other) {
    return new Handshake(target, other, path, headers);
  }

  Handshake path(String other) {
    return new Handshake(target, method, other, headers);
  }

  Handshake query(String query) {
    return path(path + "?" + query);
  }

  Handshake with(String name, String value) {
    return without(name).and(name, value);
  }

  Handshake and(String name, String value) {
    List<HttpReply.Header> more = new ArrayList<>(headers);
    more.add(new HttpReply.Header(name, value));
    return new Handshake(target, method, path, more);
  }

  Handshake without(String name) {
    return new Handshake(
        target,
        method,
        path,
        headers.stream().filter(header -> !header.name().equalsIgnoreCase(name)).toList());
  }

  Handshake origin(String origin) {
    return with("Origin", origin);
  }

  Handshake offering(String subprotocols) {
    return with("Sec-WebSocket-Protocol", subprotocols);
  }

  /** The request as it is sent, up to the empty line. */
  String text() {
    StringBuilder request = new StringBuilder();
    request.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    for (HttpReply.Header header : headers) {
      request.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  String key() {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("Sec-WebSocket-Key"))
        .map(HttpReply.Header::value)
        .findFirst()
        .orElseThrow()
        .strip();
  }

  /** What {@code Sec-WebSocket-Accept} must be: base64 of SHA-1 of the key and the GUID. */
  String accept() {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key() + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
