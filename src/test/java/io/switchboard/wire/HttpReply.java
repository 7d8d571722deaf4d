package io.switchboard.wire;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An HTTP response as it was read from the wire; {@code body} is empty after a 101. */
record HttpReply(String statusLine, List<Header> headers, String body) {

  /** One header line; names keep the spelling that was sent. */
  record Header(String name, String value) {}

  HttpReply {
    headers = List.copyOf(headers);
  }

  /** The three digits of the status line: {@code HTTP/1.1 101} and an optional reason. */
  int status() {
    int space = statusLine.indexOf(' ');
    return Integer.parseInt(statusLine.substring(space + 1, space + 4));
  }

  /** Every value sent under {@code name}, in order, whatever the case of the name. */
  List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  Optional<String> header(String name) {
    return all(name).stream().findFirst();
  }

  /** Whether a comma separated header holds {@code token}, compared without case. */
  boolean hasToken(String name, String token) {
    String joined = "," + String.join(",", all(name)).replace(" ", "").replace("\t", "") + ",";
    return joined.toLowerCase(Locale.ROOT).contains("," + token.toLowerCase(Locale.ROOT) + ",");
  }

  JsonObject json() {
    try (JsonReader reader = Json.createReader(new StringReader(body))) {
      return reader.readObject();
    } catch (RuntimeException e) {
      throw new AssertionError("not a JSON object: " + this, e);
    }
  }
}
