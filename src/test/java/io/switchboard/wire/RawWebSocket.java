package io.switchboard.wire;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A WebSocket connection after its 101, frame by frame.
 *
 * <p>Every frame of the server is held to RFC 6455: no mask, no reserved bits, whole and short
 * control frames, valid UTF-8. The last frames seen are kept and told with every failure. Pings are
 * answered while the test reads, unless {@link #neverPong} was called. One thread reads, and one
 * (the same or another) writes.
 */
final class RawWebSocket implements AutoCloseable {
  private static final int REMEMBERED = 12;

  private final RawSocket socket;
  private final HttpReply handshake;
  // Guarded by being used from the reading thread only.
  private final Deque<Object> seen = new ArrayDeque<>();

  /** Of an array of which only the first elements were asked for. */
  private final Deque<JsonObject> elements = new ArrayDeque<>();

  private boolean pongs = true;
  private int pings;
  private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
  // The opcode of the message under way, 0 when there is none.
  private int fragmented;

  RawWebSocket(RawSocket socket, HttpReply handshake) {
    this.socket = socket;
    this.handshake = handshake;
  }

  /** Sends the handshake and holds the 101 to RFC 6455, section 4.2.2. */
  static RawWebSocket open(RawSocket socket, Handshake request) {
    socket.send(request.text());
    HttpReply reply = socket.readHttp(request.method());
    if (reply.status() != 101) {
      throw new AssertionError("expected a 101 for\n" + request.text() + "but got " + reply);
    }
    if (!reply.all("Upgrade").stream().allMatch("websocket"::equalsIgnoreCase)
        || reply.all("Upgrade").size() != 1
        || !reply.hasToken("Connection", "upgrade")
        || !reply.all("Sec-WebSocket-Accept").equals(List.of(request.accept()))) {
      throw new AssertionError("a 101 that is not right: " + reply);
    }
    return new RawWebSocket(socket, reply);
  }

  HttpReply handshake() {
    return handshake;
  }

  RawSocket socket() {
    return socket;
  }

  RawWebSocket neverPong() {
    pongs = false;
    return this;
  }

  /** How many Ping frames were read so far. */
  int pings() {
    return pings;
  }

  RawWebSocket send(Frame... frames) {
    for (Frame frame : frames) {
      socket.send(frame.bytes());
    }
    return this;
  }

  /** The next text or binary message or Close frame. */
  Frame next() {
    return next(Deadline.patient());
  }

  Frame next(Deadline deadline) {
    return poll(deadline)
        .orElseThrow(() -> new AssertionError("nothing came within " + deadline.given() + told()));
  }

  /** As {@link #next()}, but empty when nothing came before the deadline. */
  Optional<Frame> poll(Deadline deadline) {
    try {
      while (socket.hasByte(deadline)) {
        Frame frame = readFrame();
        if (frame.opcode() == Frame.PING) {
          pings++;
          if (pongs) {
            send(Frame.of(Frame.PONG, frame.payload()));
          }
        } else if (frame.opcode() == Frame.CLOSE) {
          return Optional.of(frame);
        } else if (frame.opcode() != Frame.PONG) {
          Optional<Frame> message = assemble(frame);
          if (message.isPresent()) {
            return message;
          }
        }
      }
      return Optional.empty();
    } catch (PeerGone gone) {
      seen.addLast(gone);
      throw gone;
    }
  }

  /** Puts the fragments of a message together; containers cut long ones as they like. */
  private Optional<Frame> assemble(Frame frame) {
    if ((frame.opcode() == Frame.CONTINUATION) != (fragmented != 0)) {
      throw new AssertionError("a fragment out of place" + told());
    }
    int opcode = fragmented != 0 ? fragmented : frame.opcode();
    fragments.writeBytes(frame.payload());
    if (!frame.isLast()) {
      fragmented = opcode;
      return Optional.empty();
    }
    Frame whole = Frame.received(true, 0, opcode, fragments.toByteArray());
    fragmented = 0;
    fragments.reset();
    return Optional.of(whole);
  }

  /** The next frame of any kind, as it is; pings are not answered. */
  Frame readFrame() {
    Deadline deadline = Deadline.patient();
    int first = socket.read(deadline);
    int second = socket.read(deadline);
    long length = second & 0x7F;
    if (length > 125) {
      length = 0;
      for (byte b : socket.read((second & 0x7F) == 126 ? 2 : 8, deadline)) {
        length = (length << 8) | (b & 0xFF);
      }
    }
    if (length > 64 * 1024 * 1024) {
      throw new AssertionError("the server announces a frame of " + length + " bytes" + told());
    }
    byte[] payload = socket.read((int) length, deadline);
    Frame frame = Frame.received((first & 0x80) != 0, (first >> 4) & 7, first & 0xF, payload);
    seen.addLast(frame);
    if (seen.size() > REMEMBERED) {
      seen.removeFirst();
    }
    boolean shortAndWhole = !frame.isControl() || (frame.isLast() && length <= 125);
    if ((second & 0x80) != 0 || frame.reserved() != 0 || !shortAndWhole) {
      throw new AssertionError("a frame that RFC 6455 forbids" + told());
    }
    if (frame.opcode() == Frame.CLOSE && frame.closeCode() == 1005 && length == 1) {
      throw new AssertionError("a Close frame with half a code" + told());
    }
    return frame;
  }

  /** The last frames that were seen, for the message of a failure. */
  String told() {
    return "; the last frames seen were " + seen;
  }

  /**
   * Reads on until the server has closed: first its Close frame, which is answered, then the
   * connection. A connection that just ends counts as 1006.
   */
  Closing awaitClose(Duration within) {
    Deadline deadline = Deadline.in(within);
    List<JsonObject> before = new ArrayList<>();
    try {
      while (true) {
        Frame frame = next(deadline);
        if (frame.opcode() == Frame.CLOSE) {
          answerClose(frame);
          socket.assertEndedByServer();
          return new Closing(frame.closeCode(), frame.closeReason(), before);
        }
        before.add(json(frame));
      }
    } catch (PeerGone gone) {
      return new Closing(1006, gone.toString(), before);
    }
  }

  private void answerClose(Frame frame) {
    try {
      send(Frame.of(Frame.CLOSE, frame.payload()));
    } catch (PeerGone gone) {
      // The server need not wait for the answer after a protocol error (section 7.1.7).
      seen.addLast("the close could not be answered");
    }
  }

  private JsonObject json(Frame frame) {
    if (frame.opcode() != Frame.TEXT) {
      throw new AssertionError("expected a text frame" + told());
    }
    try (JsonReader reader = Json.createReader(new StringReader(frame.text()))) {
      return reader.readObject();
    } catch (RuntimeException e) {
      throw new AssertionError("not a JSON object" + told(), e);
    }
  }

  /** The next message, which must be a JSON object in a text frame. */
  JsonObject nextJson() {
    return nextJson(Deadline.patient());
  }

  /** The next message; an array counts as its elements, one after the other. */
  JsonObject nextJson(Deadline deadline) {
    if (elements.isEmpty()) {
      Frame frame = next(deadline);
      if (!frame.text().startsWith("[")) {
        return json(frame);
      }
      try (JsonReader reader = Json.createReader(new StringReader(frame.text()))) {
        reader.readArray().forEach(element -> elements.add(element.asJsonObject()));
      }
    }
    return elements.remove();
  }

  @Override
  public void close() {
    try {
      send(Frame.close(1000, ""));
    } catch (PeerGone gone) {
      // Already closed by the server, or by the test itself.
      seen.addLast("was gone before");
    }
    socket.close();
  }
}
