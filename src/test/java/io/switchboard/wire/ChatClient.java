package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A client of the {@code chat} subprotocol that has read its {@code welcome}.
 *
 * <p>Every message of the server is held to the {@link Golden} examples. Messages are taken in the
 * order of the wire: a test says what comes next, and {@link #assertNothingMore} that nothing else
 * came. Threads as in {@link RawWebSocket}.
 */
final class ChatClient implements AutoCloseable {
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

  private final RawWebSocket socket;
  private final JsonObject welcome;
  // Types whose shape was held to the examples already while flooding; see `nextUnchecked`.
  private final Set<String> checked = ConcurrentHashMap.newKeySet();

  ChatClient(RawWebSocket socket) {
    this.socket = socket;
    this.welcome = next("welcome");
  }

  RawWebSocket socket() {
    return socket;
  }

  JsonObject welcome() {
    return welcome;
  }

  String user() {
    return welcome.getString("user");
  }

  String session() {
    return welcome.getString("session");
  }

  /** A JSON object of keys and values in turn; values are strings, integers or booleans. */
  static JsonObject message(Object... keysAndValues) {
    JsonObjectBuilder object = Json.createObjectBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String key = (String) keysAndValues[i];
      Object value = keysAndValues[i + 1];
      if (value instanceof Integer number) {
        object.add(key, number);
      } else if (value instanceof Boolean flag) {
        object.add(key, flag);
      } else {
        object.add(key, (String) value);
      }
    }
    return object.build();
  }

  ChatClient send(Object... keysAndValues) {
    return send(message(keysAndValues).toString());
  }

  ChatClient send(String json) {
    socket.send(Frame.text(json));
    return this;
  }

  /** The next message, whatever it is. */
  JsonObject next() {
    return check(socket.nextJson());
  }

  /** The next message, which must be of {@code type}. */
  JsonObject next(String type) {
    JsonObject message = next();
    if (!type.equals(message.getString("type"))) {
      throw new AssertionError("expected " + type + " but got " + message + socket.told());
    }
    return message;
  }

  /** The next message, empty when none came before the deadline. */
  Optional<JsonObject> poll(Deadline deadline) {
    return socket
        .poll(deadline)
        .map(
            frame -> {
              if (frame.opcode() != Frame.TEXT) {
                throw new AssertionError("expected a message" + socket.told());
              }
              try (var reader = Json.createReader(new java.io.StringReader(frame.text()))) {
                return check(reader.readObject());
              }
            });
  }

  /** As {@link #next()}, for floods: the shape is checked for the first message of each type. */
  JsonObject nextOfMany(Deadline deadline) {
    JsonObject message = socket.nextJson(deadline);
    return checked.add(message.getString("type")) ? check(message) : message;
  }

  private static JsonObject check(JsonObject message) {
    Golden.assertFromServer(message);
    if (message.containsKey("at")) {
      assertTime(message.getString("at"));
    }
    return message;
  }

  static void assertTime(String at) {
    assertTrue(TIME.matcher(at).matches(), () -> at + " is not a time as the protocol writes it");
  }

  /** The next message, which must be an error of {@code code} whose message is not empty. */
  JsonObject error(String code) {
    JsonObject error = next("error");
    assertEquals(code, error.getString("code"), error::toString);
    assertTrue(!error.getString("message").isBlank(), error::toString);
    return error;
  }

  /** The next message, which must be an error of {@code code} that names {@code field}. */
  JsonObject error(String code, String field) {
    JsonObject error = error(code);
    assertTrue(error.getString("message").contains(field), () -> error + " names " + field);
    return error;
  }

  /** Joins without history and reads its own {@code joined}. */
  JsonObject join(String room, String name) {
    send("type", "join", "room", room, "name", name, "last", 0);
    JsonObject joined = next("joined");
    assertEquals(room, joined.getString("room"));
    assertEquals(user(), joined.getString("user"));
    assertEquals(name, joined.getString("name"));
    return joined;
  }

  /** Says {@code text} and reads it back, with nothing in between. */
  JsonObject say(String room, String text) {
    send("type", "say", "room", room, "text", text);
    JsonObject said = next("said");
    assertEquals(room, said.getString("room"));
    assertEquals(text, said.getString("text"));
    assertEquals(user(), said.getString("user"));
    return said;
  }

  /** Reads up to and with the first message that {@code wanted} accepts. */
  List<JsonObject> readUntil(Predicate<JsonObject> wanted, Duration within) {
    Deadline deadline = Deadline.in(within);
    List<JsonObject> read = new ArrayList<>();
    while (true) {
      JsonObject message = nextOfMany(deadline);
      read.add(message);
      if (wanted.test(message)) {
        return read;
      }
    }
  }

  /** Asks for a pong, which must be the very next message. */
  void assertNothingMore() {
    send("type", "ping");
    next("pong");
  }

  Closing awaitClose(Duration within) {
    return socket.awaitClose(within);
  }

  void reset() {
    socket.socket().reset();
  }

  @Override
  public void close() {
    socket.close();
  }
}
