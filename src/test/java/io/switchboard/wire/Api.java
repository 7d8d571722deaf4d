package io.switchboard.wire;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The server's HTTP side as a back end or an operator calls it. Safe for many threads. */
final class Api {
  private final Target target;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  Api(Target target) {
    this.target = target;
  }

  /** The key that the server made at its first start. */
  static String generatedKey() {
    try {
      return Files.readString(Deployments.home().resolve("api-key")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the server has written no key", e);
    }
  }

  HttpRequest.Builder request(String below) {
    String address = "http://" + target.authority() + target.path(below);
    return HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20));
  }

  /** A call with the right key; {@code path} is below the API, its names are encoded already. */
  HttpRequest.Builder calling(String method, String path) {
    return request("/api" + path)
        .header("Authorization", "Bearer " + generatedKey())
        .method(method, HttpRequest.BodyPublishers.noBody());
  }

  HttpReply get(String path) {
    return call(calling("GET", path));
  }

  HttpReply post(String path, String body) {
    return call(
        calling("POST", path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Posts and returns the answer's body, which must be a 200 or 201. */
  JsonObject posted(String path, String body) {
    HttpReply reply = post(path, body);
    if (reply.status() != 200 && reply.status() != 201) {
      throw new AssertionError("posted " + body + " to " + path + " and got " + reply);
    }
    return reply.json();
  }

  /** A ticket for one handshake as {@code user}, who is called {@code name}. */
  String ticket(String user, String name) {
    String body = ChatClient.message("user", user, "name", name).toString();
    return posted("/tickets", body).getString("ticket");
  }

  /** A publish of {@code body} with the right key and media type. */
  HttpRequest.Builder publishing(String body) {
    return request("/api/publish")
        .header("Authorization", "Bearer " + generatedKey())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpReply publish(String body) {
    return call(publishing(body));
  }

  /** Publishes and returns the answer's body, which must be a 200. */
  JsonObject published(String body) {
    HttpReply reply = publish(body);
    if (reply.status() != 200) {
      throw new AssertionError("published " + body + " and got " + reply);
    }
    return reply.json();
  }

  HttpReply call(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      List<HttpReply.Header> headers = new ArrayList<>();
      response
          .headers()
          .map()
          .forEach(
              (name, values) ->
                  values.forEach(value -> headers.add(new HttpReply.Header(name, value))));
      return new HttpReply("HTTP/1.1 " + response.statusCode() + " ", headers, response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
