package io.switchboard.wire;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Peer} that makes requests: one that was cut off asks again for what follows the last
 * message that it has.
 */
final class HttpPeer implements Peer {
  /** How it listens. */
  enum How {
    SSE,
    LONGPOLL,
    POLLING
  }

  private final Target target;
  private final Supplier<RawSocket> opener;
  private final How how;
  private final Deque<JsonObject> pushes = new ArrayDeque<>();
  private final StringBuilder stream = new StringBuilder();
  private String path = "";
  private String secret = "";
  private int posts;
  private long after;
  private @Nullable RawSocket asking;
  private @Nullable RawSocket listening;

  HttpPeer(Target target, Supplier<RawSocket> opener, How how) {
    this.target = target;
    this.opener = opener;
    this.how = how;
  }

  @Override
  public JsonObject connect(String command, String query) {
    String url = target.path("/chat/sessions") + (query.isEmpty() ? "" : "?" + query);
    HttpReply reply = post(url, command.replace('\'', '"'));
    if (reply.status() != 201) {
      throw new AssertionError("expected a session but got " + reply);
    }
    path = reply.header("Location").orElseThrow();
    secret = reply.json().getString("token");
    JsonObject connected = Json.createObjectBuilder(reply.json()).remove("token").build();
    Golden.superchatShapes(connected, false); // but for the secret the same as over a WebSocket
    return connected;
  }

  String path() {
    return path;
  }

  @Override
  public JsonObject ask(String command) {
    HttpReply reply = post(path + "?n=" + ++posts, command.replace('\'', '"'));
    if (reply.status() != 200) {
      throw new AssertionError("asked " + command + " and got " + reply);
    }
    return reply.json();
  }

  @Override
  public void say(String text) {
    post(path, text.replace('\'', '"'));
  }

  HttpReply post(String url, String body) {
    if (asking == null) {
      asking = opener.get();
    }
    HttpReply reply =
        asking
            .send(
                head("POST", url)
                    + "Content-Type: application/json\r\nContent-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length
                    + "\r\n\r\n"
                    + body)
            .readHttp("POST");
    if (reply.hasToken("Connection", "close")) {
      asking = null;
    }
    return reply;
  }

  String head(String method, String url) {
    String credentials = secret.isEmpty() ? "" : "Authorization: Bearer " + secret + "\r\n";
    return "%s %s HTTP/1.1\r\nHost: %s\r\n%s"
        .formatted(method, url, target.authority(), credentials);
  }

  @Override
  public JsonObject next() {
    Deadline deadline = Deadline.patient();
    while (true) {
      while (pushes.isEmpty()) {
        if (deadline.passed()) {
          throw new AssertionError("nothing came within " + deadline.given());
        }
        listen(deadline);
      }
      JsonObject message = pushes.remove();
      if (!message.getString("type").equals("ping")) {
        return message;
      }
    }
  }

  private void listen(Deadline deadline) {
    if (how == How.SSE) {
      readEvents(deadline);
    } else {
      poll(how == How.LONGPOLL ? 25 : 0);
      if (pushes.isEmpty()) {
        LockSupport.parkNanos(2_000_000);
      }
    }
  }

  private void poll(int wait) {
    if (listening == null) {
      listening = opener.get();
    }
    HttpReply reply = listening.send(pollRequest(wait)).readHttp("GET");
    if (reply.hasToken("Connection", "close")) {
      listening = null;
    }
    if (reply.status() == 409) {
      return; // one that was cut off arrived late, and took its place
    }
    if (reply.status() != 200) {
      throw new AssertionError("polled and got " + reply);
    }
    reply.json().getJsonArray("messages").getValuesAs(JsonObject.class).forEach(this::add);
    after = reply.json().getJsonNumber("next").longValue();
  }

  private String pollRequest(int wait) {
    return head("GET", path + "/messages?after=" + after + "&wait=" + wait) + "\r\n";
  }

  private void readEvents(Deadline deadline) {
    if (listening == null) {
      listening = opener.get();
      listening.send(head("GET", path + "/events") + "Last-Event-ID: " + after + "\r\n\r\n");
      HttpReply head = listening.readHead(deadline);
      if (head.status() != 200) {
        throw new AssertionError("no stream: " + head);
      }
      stream.setLength(0);
    }
    stream.append(new String(listening.readChunk(deadline), StandardCharsets.UTF_8));
    for (int end = stream.indexOf("\n\n"); end >= 0; end = stream.indexOf("\n\n")) {
      event(stream.substring(0, end));
      stream.delete(0, end + 2);
    }
  }

  private void event(String block) {
    String data = "";
    for (String line : block.split("\n", -1)) {
      if (line.startsWith("id: ")) {
        after = Long.parseLong(line.substring(4));
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      }
    }
    if (!data.isEmpty()) {
      try (JsonReader reader = Json.createReader(new StringReader(data))) {
        add(reader.readObject());
      }
    }
  }

  private void add(JsonObject message) {
    Golden.superchatShapes(message, false);
    pushes.add(message);
  }

  @Override
  public void cut() {
    if (how == How.SSE) {
      if (listening != null) {
        listening.reset();
      }
    } else {
      opener.get().send(pollRequest(0)).reset(); // its answer is lost
      if (listening != null) {
        listening.reset();
      }
    }
    listening = null;
    if (asking != null) {
      asking.reset();
      asking = null;
    }
  }

  @Override
  public void resume() {}

  @Override
  public String transport() {
    return how.name().toLowerCase(java.util.Locale.ROOT);
  }
}
