package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Garbage in, the right code out, and the server serves on.
 *
 * <p>During each test a healthy client sits in a room; it must be able to talk before and after.
 */
class GarbageIT extends WireTest {
  private static final int LIMIT = 64 * 1024;

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  /** Frames after a good handshake, and the codes one of which the server must close with. */
  record Garbage(String name, List<Frame> frames, Set<Integer> codes) {
    Garbage {
      frames = List.copyOf(frames);
      codes = Set.copyOf(codes);
    }

    static Garbage of(int code, String name, Frame... frames) {
      return new Garbage(name, List.of(frames), Set.of(code));
    }

    Garbage or(int code) {
      return new Garbage(name, frames, Set.of(codes.iterator().next(), code));
    }

    byte[] bytes() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      frames.forEach(frame -> bytes.writeBytes(frame.bytes()));
      return bytes.toByteArray();
    }

    @Override
    public String toString() {
      return name + " -> " + codes;
    }
  }

  private final String room = room();

  private ChatClient healthy() {
    return healthy(room);
  }

  private ChatClient healthy(String room) {
    ChatClient client = chat();
    client.join(room, "Healthy");
    client.say(room, "all is well");
    return client;
  }

  @BeforeEach
  void theServerIsWell() {
    healthy(room()).close();
  }

  private static Frame ping() {
    return Frame.text("{\"type\":\"ping\"}");
  }

  private static Frame bytes(String hex) {
    return Frame.of(Frame.TEXT, HexFormat.ofDelimiter(" ").parseHex(hex));
  }

  private static Frame more(String hex) {
    return bytes(hex).opcode(Frame.CONTINUATION);
  }

  private static Frame filler(int size) {
    byte[] text = new byte[size];
    Arrays.fill(text, (byte) ' ');
    return Frame.of(Frame.TEXT, text);
  }

  static Stream<Garbage> protocolErrors() {
    return Stream.of(
        Garbage.of(1002, "a text that is not masked", ping().unmasked()),
        Garbage.of(1002, "a ping that is not masked", Frame.ping("x").unmasked()),
        Garbage.of(1002, "RSV1 without an extension", ping().reserved(4)),
        Garbage.of(1002, "RSV2", ping().reserved(2)),
        Garbage.of(1002, "RSV3", ping().reserved(1)),
        Garbage.of(1002, "all reserved bits on a ping", Frame.ping("x").reserved(7)),
        Garbage.of(1002, "reserved opcode 3", ping().opcode(3)),
        Garbage.of(1002, "reserved opcode 7", ping().opcode(7)),
        Garbage.of(1002, "reserved control opcode 11", Frame.ping("x").opcode(0xB)),
        Garbage.of(1002, "reserved control opcode 15", Frame.ping("x").opcode(0xF)),
        Garbage.of(1002, "a ping in fragments", Frame.ping("x").notLast()),
        Garbage.of(1002, "a close in fragments", Frame.close(1000, "").notLast()),
        Garbage.of(1002, "a ping of 126 bytes", Frame.ping("x".repeat(126))),
        Garbage.of(1002, "a pong of 126 bytes", Frame.ping("x".repeat(126)).opcode(Frame.PONG)),
        Garbage.of(1002, "a close of 126 bytes", Frame.close(1000, "x".repeat(124))),
        Garbage.of(1002, "a continuation of nothing", ping().opcode(Frame.CONTINUATION)),
        Garbage.of(
            1002, "a continuation that goes on, of nothing", ping().opcode(0).notLast(), ping()),
        Garbage.of(1002, "a text inside a text", ping().notLast(), ping()),
        Garbage.of(
            1002, "a binary inside a text", ping().notLast(), Frame.of(Frame.BINARY, new byte[1])),
        Garbage.of(1002, "a continuation after the end", ping(), ping().opcode(0)),
        Garbage.of(
            1002,
            "a length with its highest bit set",
            filler(10).length(Frame.Length.BITS_64).declaring(Long.MIN_VALUE)),
        Garbage.of(1002, "a close of one byte", Frame.of(Frame.CLOSE, new byte[] {3})));
  }

  static Stream<Garbage> closeCodes() {
    return IntStream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)
        .mapToObj(code -> Garbage.of(1002, "a close with code " + code, Frame.close(code, "")));
  }

  static Stream<Garbage> badText() {
    return Stream.of(
        Garbage.of(1007, "0xFF", bytes("22 ff 22")),
        Garbage.of(1007, "a continuation byte alone", bytes("80")),
        Garbage.of(1007, "an overlong slash", bytes("c0 af")),
        Garbage.of(1007, "an overlong zero of three bytes", bytes("e0 80 80")),
        Garbage.of(1007, "a surrogate", bytes("ed a0 80")),
        Garbage.of(1007, "a pair of surrogates", bytes("ed a0 bd ed b8 80")),
        Garbage.of(1007, "beyond U+10FFFF", bytes("f4 90 80 80")),
        Garbage.of(1007, "five bytes", bytes("f8 88 80 80 80")),
        Garbage.of(1007, "half a character at the end", bytes("7b 7d e2 82")),
        Garbage.of(1007, "bad after a good start", bytes("7b e2 82 ac 20 c3 28 7d")),
        Garbage.of(1007, "bad in the second fragment", bytes("7b 7d").notLast(), more("ff")),
        Garbage.of(1007, "cut between fragments", bytes("e2 82").notLast(), more("28")),
        Garbage.of(1007, "a surrogate over fragments", bytes("ed").notLast(), more("a0 80")),
        Garbage.of(1007, "unfinished over fragments", bytes("f0 9f").notLast(), more("98")),
        Garbage.of(
            1007,
            "bad, with a ping between the fragments",
            bytes("c3").notLast(),
            Frame.ping("x"),
            more("28")),
        Garbage.of(
                1007,
                "a close whose reason is not UTF-8",
                Frame.of(Frame.CLOSE, new byte[] {3, (byte) 0xE8, (byte) 0xFF}))
            // A reason is not a message: Tomcat calls it a protocol error.
            .or(1002));
  }

  static Stream<Garbage> tooMuch() {
    Frame[] fragments = new Frame[65];
    Arrays.fill(fragments, filler(1024).opcode(Frame.CONTINUATION).notLast());
    fragments[0] = filler(1024).notLast();
    Frame[] crumbs = new Frame[LIMIT + 1];
    Arrays.fill(crumbs, filler(1).opcode(Frame.CONTINUATION).notLast());
    crumbs[0] = filler(1).notLast();
    return Stream.of(
        Garbage.of(1009, "one byte more than the limit", filler(LIMIT + 1)),
        Garbage.of(1009, "2 MiB in one frame", filler(2 * 1024 * 1024)),
        Garbage.of(
            1009, "too many bytes in few characters", Frame.text("\u20ac".repeat(LIMIT / 3 + 1))),
        Garbage.of(1009, "fragments beyond the limit", fragments),
        Garbage.of(1009, "endless crumbs", crumbs),
        Garbage.of(
                1009,
                "a length of 2^40 and the first 5 MiB of it",
                filler(5 * 1024 * 1024).length(Frame.Length.BITS_64).declaring(1L << 40))
            // Tyrus keeps a frame until it is whole, up to 4 MiB, and has a code of its own.
            .or(1011));
  }

  @ParameterizedTest
  @MethodSource({"protocolErrors", "closeCodes", "badText", "tooMuch"})
  void garbageEndsInTheRightCodeAndHarmsNobody(Garbage garbage) {
    ChatClient healthy = healthy();
    ChatClient victim = chat();
    Future<Boolean> writing = start(() -> write(victim.socket().socket(), garbage.bytes()));
    // Tens of thousands of frames take a busy server a while.
    Closing closing = victim.awaitClose(Duration.ofSeconds(60));
    assertTrue(garbage.codes().contains(closing.code()), closing::toString);
    for (JsonObject message : closing.before()) {
      // What came before the garbage is answered; a bye has the code of the close.
      assertTrue(
          message.getString("type").equals("pong") || message.getInt("code", 0) == closing.code(),
          closing::toString);
    }
    victim.close();
    result(writing, 60);
    healthy.say(room, "still here after " + garbage.name());
    healthy.assertNothingMore();
  }

  /** False when the server went away before all was written, as it may. */
  private static boolean write(RawSocket socket, byte[] bytes) {
    try {
      socket.send(bytes);
      return true;
    } catch (PeerGone gone) {
      return false;
    }
  }

  /** Text that is well-formed UTF-8 and not what the protocol expects. */
  record Words(String text, Set<String> codes) {
    Words {
      codes = Set.copyOf(codes);
    }

    @Override
    public String toString() {
      return (text.length() > 40 ? text.substring(0, 40) + "…" : text) + " -> " + codes;
    }
  }

  static Stream<Words> badJson() {
    Set<String> json = Set.of("bad-json");
    // JSON, but not the one flat object of a message: either word tells the sender what to mend.
    Set<String> either = Set.of("bad-json", "bad-request");
    return Stream.concat(
        Stream.of(
                "",
                " ",
                "{",
                "}",
                "hello",
                "{\"type\":\"ping\"",
                "{\"type\":\"ping\"}}",
                "{\"type\":\"ping\"} {\"type\":\"ping\"}",
                "{\"type\":\"ping\",}",
                "{'type':'ping'}",
                "{type:\"ping\"}",
                "{\"type\":\"ping\",\"n\":NaN}",
                "{\"type\":\"ping\",\"n\":01}",
                "{\"type\":\"ping\",\"s\":\"\\x\"}",
                "{\"type\":\"ping\",\"s\":\"tab\there\"}",
                "{\"type\":\"ping\"/**/}",
                "<message type=\"ping\"/>",
                "\u0000")
            .map(text -> new Words(text, json)),
        Stream.of(
                "[]",
                "[{\"type\":\"ping\"}]",
                "null",
                "true",
                "5",
                "\"ping\"",
                "[".repeat(30_000),
                "[".repeat(30_000) + "]".repeat(30_000),
                "{\"type\":" + "[".repeat(30_000),
                "\uFEFF{}")
            .map(text -> new Words(text, either)));
  }

  @ParameterizedTest
  @MethodSource("badJson")
  void badJsonIsAnErrorAndNotAClose(Words words) {
    ChatClient healthy = healthy();
    ChatClient ann = chat();
    ann.send(words.text());
    JsonObject error = ann.next("error");
    assertTrue(words.codes().contains(error.getString("code")), error::toString);
    assertTrue(error.toString().length() < 2_000, "the garbage is not sent back");
    ann.assertNothingMore();
    healthy.say(room, "still here");
  }

  /** Strange and right: none of these may be refused. */
  static Stream<Garbage> oddButRight() {
    String padded = "{\"type\":\"ping\",\"pad\":\"\"}";
    Frame whole =
        Frame.text(padded.replace("\"\"", "\"" + "x".repeat(LIMIT - padded.length()) + "\""));
    byte[] euro = "{\"type\":\"ping\",\"pad\":\"€😀\"}".getBytes(StandardCharsets.UTF_8);
    Frame[] bytewise =
        IntStream.range(0, euro.length)
            .mapToObj(i -> Frame.of(i == 0 ? Frame.TEXT : 0, Arrays.copyOfRange(euro, i, i + 1)))
            .map(Frame::notLast)
            .toArray(Frame[]::new);
    Frame end = filler(0).opcode(Frame.CONTINUATION);
    Frame[] closed = Arrays.copyOf(bytewise, bytewise.length + 1);
    closed[bytewise.length] = end;
    return Stream.of(
        Garbage.of(0, "exactly the limit", whole),
        Garbage.of(0, "every byte a fragment", closed),
        Garbage.of(
            0,
            "empty fragments around",
            filler(0).notLast(),
            ping().opcode(0).notLast(),
            filler(0).opcode(0).notLast(),
            end),
        Garbage.of(0, "a pong nobody asked for", Frame.ping("?").opcode(Frame.PONG), ping()),
        Garbage.of(0, "white space around", Frame.text("\r\n\t {\"type\" : \"ping\"}\n")),
        Garbage.of(0, "escapes", Frame.text("{\"\\u0074ype\":\"p\\u0069ng\"}")),
        Garbage.of(
            0,
            "a pong between fragments",
            ping().notLast(),
            Frame.ping("?").opcode(Frame.PONG),
            end));
  }

  @ParameterizedTest
  @MethodSource("oddButRight")
  void whatIsOddButRightIsServed(Garbage odd) {
    ChatClient ann = chat();
    ann.socket().socket().send(odd.bytes());
    ann.next("pong");
    ann.assertNothingMore();
  }

  @Test
  void aPingIsAnsweredWithItsOwnPayloadEvenBetweenFragments() {
    ChatClient ann = chat();
    for (String payload : List.of("", "x", "x".repeat(125))) {
      ann.socket().send(ping().notLast(), Frame.ping(payload), filler(0).opcode(0));
      Frame pong = ann.socket().readFrame();
      assertEquals(Frame.PONG, pong.opcode(), pong::toString);
      assertEquals(payload, new String(pong.payload(), StandardCharsets.UTF_8));
      ann.next("pong");
    }
  }

  /**
   * Bytes instead of a handshake. No application sees them, so containers differ: 0 stands for a
   * connection that ends without an answer, -1 for one that waits for more until it times out.
   */
  record Shout(String name, String text, Set<Integer> statuses) {
    Shout {
      statuses = Set.copyOf(statuses);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Shout> badHttp() {
    String host = "Host: localhost\r\n";
    String upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
    String get = "GET /switchboard/chat HTTP/1.1\r\n";
    Set<Integer> refused = Set.of(-1, 0, 400, 404, 405, 408, 414, 426, 431, 501, 505);
    return Stream.of(
        new Shout("no HTTP at all", "GARBAGE\r\n\r\n", refused),
        new Shout("zeros", "\0".repeat(100) + "\r\n\r\n", refused),
        new Shout(
            "a TLS hello", "\u0016\u0003\u0001\0\u0005\u0001\0\0\u0001\u0003\r\n\r\n", refused),
        new Shout("no host", get + upgrade + "\r\n", refused),
        new Shout("two hosts", get + host + "Host: evil.example\r\n" + upgrade + "\r\n", refused),
        new Shout("a version of its own", get.replace("1.1", "9.9") + host + "\r\n", refused),
        new Shout(
            "a header without a colon", get + host + "nonsense\r\n" + upgrade + "\r\n", refused),
        new Shout(
            "200 KB of one header",
            get + host + "X-Long: " + "x".repeat(200_000) + "\r\n" + upgrade + "\r\n",
            refused),
        new Shout("200 KB of path", "GET /" + "x".repeat(200_000) + " HTTP/1.1\r\n\r\n", refused),
        new Shout(
            "10000 headers", get + host + "X: y\r\n".repeat(10_000) + upgrade + "\r\n", refused));
  }

  @ParameterizedTest
  @MethodSource("badHttp")
  void whatIsNoHandshakeEndsInAnErrorOrInNothing(Shout shout) {
    ChatClient healthy = healthy();
    RawSocket socket = socket();
    Future<Boolean> shouting =
        start(() -> write(socket, shout.text().getBytes(StandardCharsets.ISO_8859_1)));
    int status;
    try {
      status =
          socket.hasByte(Deadline.in(Duration.ofSeconds(3))) ? socket.readHttp("GET").status() : -1;
    } catch (PeerGone gone) {
      status = 0;
    }
    int seen = status;
    assertTrue(shout.statuses().contains(seen), () -> "saw status " + seen);
    socket.close();
    result(shouting, 10);
    healthy.say(room, "still here after " + shout.name());
    healthy.assertNothingMore();
  }

  @Test
  void halfAHandshakeThatEndsIsEnded() {
    ChatClient healthy = healthy();
    String text = handshake().text();
    RawSocket socket = socket();
    socket.send(text.substring(0, text.length() / 2));
    socket.endOutput();
    byte[] answer = socket.readToEnd(Deadline.in(Duration.ofSeconds(30)));
    String said = new String(answer, StandardCharsets.ISO_8859_1);
    assertTrue(said.isEmpty() || said.startsWith("HTTP/1.1 4"), said);
    healthy.say(room, "still here");
  }

  @Test
  void halfHandshakesThatHangDoNotHinderOthers() {
    String text = handshake().text();
    for (int i = 0; i < 100; i++) {
      socket().send(text.substring(0, 1 + i % (text.length() - 1)));
    }
    ChatClient healthy = healthy();
    healthy.assertNothingMore();
  }

  @Test
  void peersThatVanishInTheMiddleOfAFrameDoNotHinderOthers() {
    ChatClient healthy = healthy();
    byte[] frame =
        Frame.text("{\"type\":\"say\",\"room\":\"" + room + "\",\"text\":\"hi\"}").bytes();
    for (int i = 0; i < frame.length; i++) {
      ChatClient victim = chat();
      victim.socket().socket().send(Arrays.copyOf(frame, i));
      if (i % 2 == 0) {
        victim.reset();
      } else {
        victim.socket().socket().close();
      }
    }
    healthy.say(room, "still here");
    healthy.assertNothingMore();
  }
}
