package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A client of the {@code superchat} subprotocol.
 *
 * <p>Every message of the server is held to the {@link Golden} examples. Quotes in what it says may
 * be single. Threads as in {@link RawWebSocket}.
 */
final class SuperchatClient {
  /** A message of the server; {@code payload} is empty unless it was one of bytes. */
  record Message(JsonObject json, boolean binary, ByteBuffer payload) {}

  private final RawWebSocket socket;
  private final Deque<Message> waiting = new ArrayDeque<>();
  private final Set<String> shapes = new TreeSet<>();

  SuperchatClient(RawWebSocket socket) {
    this.socket = socket;
  }

  RawWebSocket socket() {
    return socket;
  }

  /** The names of all examples that messages have had the shape of so far. */
  Set<String> shapes() {
    return Set.copyOf(shapes);
  }

  SuperchatClient send(String command) {
    socket.send(Frame.text(command.replace('\'', '"')));
    return this;
  }

  /** A message of bytes as it is on the wire. */
  static byte[] bytes(String header, byte... payload) {
    byte[] head = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + head.length + payload.length)
        .putInt(head.length)
        .put(head)
        .put(payload)
        .array();
  }

  SuperchatClient sendBytes(byte... message) {
    socket.send(Frame.of(Frame.BINARY, message));
    return this;
  }

  /** Sends a message of bytes in parts of {@code size} bytes, with a Ping after each. */
  SuperchatClient sendInParts(int size, byte... message) {
    for (int start = 0; start < message.length; start += size) {
      int end = Math.min(message.length, start + size);
      byte[] part = java.util.Arrays.copyOfRange(message, start, end);
      Frame frame = Frame.of(start == 0 ? Frame.BINARY : Frame.CONTINUATION, part);
      socket.send(end == message.length ? frame : frame.notLast(), Frame.ping("between"));
    }
    return this;
  }

  /** The next message, arrays taken apart. */
  Message next() {
    return next(Deadline.patient());
  }

  private Message next(Deadline deadline) {
    while (waiting.isEmpty()) {
      read(socket.next(deadline));
    }
    return waiting.remove();
  }

  private void read(Frame frame) {
    if (frame.opcode() == Frame.TEXT) {
      JsonValue value = json(frame.text());
      if (value instanceof JsonArray array) {
        array.forEach(element -> add(element.asJsonObject(), false, ByteBuffer.allocate(0)));
      } else {
        add(value.asJsonObject(), false, ByteBuffer.allocate(0));
      }
    } else if (frame.opcode() == Frame.BINARY) {
      ByteBuffer message = ByteBuffer.wrap(frame.payload());
      byte[] header = new byte[message.getInt()];
      message.get(header);
      add(json(new String(header, StandardCharsets.UTF_8)).asJsonObject(), true, message.slice());
    } else {
      throw new AssertionError("expected a message" + socket.told());
    }
  }

  private void add(JsonObject message, boolean binary, ByteBuffer payload) {
    shapes.addAll(Golden.superchatShapes(message, binary));
    if (message.containsKey("at")) {
      ChatClient.assertTime(message.getString("at"));
    }
    waiting.add(new Message(message, binary, payload));
  }

  private JsonValue json(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readValue();
    } catch (RuntimeException e) {
      throw new AssertionError("not JSON" + socket.told(), e);
    }
  }

  /** The next message, which must be of {@code type}; pings are passed over. */
  Message next(String type) {
    Deadline deadline = Deadline.patient();
    while (true) {
      Message message = next(deadline);
      String seen = message.json().getString("type");
      if (seen.equals(type)) {
        return message;
      }
      if (!seen.equals("ping")) {
        throw new AssertionError("expected " + type + " but got " + message + socket.told());
      }
    }
  }

  /**
   * The first message of {@code type}; those before it are read later, because answers and what
   * happens on channels may overtake each other.
   */
  Message first(String type) {
    Deadline deadline = Deadline.patient();
    List<Message> before = new ArrayList<>();
    Message message = next(deadline);
    while (!message.json().getString("type").equals(type)) {
      before.add(message);
      message = next(deadline);
    }
    for (int i = before.size() - 1; i >= 0; i--) {
      waiting.addFirst(before.get(i));
    }
    return message;
  }

  /** Sends a command and reads its answer, which must be of {@code type}. */
  JsonObject ask(String command, String type) {
    return send(command).first(type).json();
  }

  /** The next message, which must be an error of {@code code} that answers {@code re}. */
  JsonObject error(String code, int re) {
    JsonObject error = next("error").json();
    assertEquals(code, error.getString("code"), error::toString);
    assertEquals(re, error.getInt("re"), error::toString);
    return error;
  }
}
