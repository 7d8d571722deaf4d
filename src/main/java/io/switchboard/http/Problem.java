package io.switchboard.http;

import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that says what went wrong, as a problem document (RFC 9457).
 *
 * @param status the HTTP status
 * @param title what kind of problem it is, the same each time
 * @param detail what went wrong this time, and what is accepted
 * @param headers further headers of the answer
 * @param members further members of the document
 */
public record Problem(
    int status,
    String title,
    String detail,
    Map<String, String> headers,
    Map<String, String> members) {
  private static final JsonBuilderFactory OBJECTS =
      JsonProvider.provider().createBuilderFactory(Map.of());

  /**
   * Links what problems are written with; to be called at the start. A thread on which the first
   * problem happens to be sent may look for it in the classes of a WAR that was taken away:
   * GlassFish's threads for asynchronous answers do after a redeployment.
   */
  public static void link() {}

  /** Makes one without further headers and members. */
  public static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, Map.of(), Map.of());
  }

  /** Returns a copy with one more header. */
  public Problem header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(status, title, detail, more, members);
  }

  /** Returns a copy with one more member. */
  public Problem member(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(status, title, detail, headers, more);
  }

  /** Returns the document. */
  public JsonObject document() {
    JsonObjectBuilder json =
        OBJECTS
            .createObjectBuilder()
            .add("type", "about:blank")
            .add("title", title)
            .add("status", status)
            .add("detail", detail);
    members.forEach(json::add);
    return json.build();
  }

  /** Sends it. */
  public void send(HttpServletResponse response) throws IOException {
    byte[] body = document().toString().getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    headers.forEach(response::setHeader);
    if (headers.containsKey("Upgrade")) {
      response.addHeader("Connection", "Upgrade");
    }
    response.setHeader("Cache-Control", "no-store");
    // Also here: containers call filters in the order they like, and the gate answers by itself.
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setContentType("application/problem+json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
