package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Frames that are right and far too many, and messages that never end. */
class FloodIT extends WireTest {
  private static final int PINGS = 10_000;

  /** More than GlassFish has threads. */
  private static final int DEAF = 8;

  /**
   * On a busy machine. Whose thread is waited for by a container waits twice as long, or for ever.
   */
  private static final Duration SOON = Duration.ofSeconds(10);

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard("switchboard.session.write-timeout", "2s");
  }

  private void assertServedSoon() {
    long start = System.nanoTime();
    String room = room();
    ChatClient ann = chat();
    ann.join(room, "Ann");
    ann.say(room, "hello");
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(SOON) < 0, () -> "the others waited for " + took);
    ann.close();
  }

  private static byte[] pings() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < PINGS; i++) {
      all.writeBytes(Frame.ping("x".repeat(125)).bytes());
    }
    return all.toByteArray();
  }

  @Test
  void tenThousandPingsAreAnsweredOrTheirSenderIsClosed() {
    RawWebSocket flooding = chat().socket();
    Future<Integer> answered =
        start(
            () -> {
              int pongs = 0;
              try {
                while (pongs < PINGS) {
                  pongs += flooding.readFrame().opcode() == Frame.PONG ? 1 : 0;
                }
              } catch (PeerGone gone) {
                return pongs;
              }
              return pongs;
            });
    flooding.socket().send(pings());
    assertServedSoon();
    assertEquals(PINGS, result(answered, 30));
    flooding.send(Frame.text("{\"type\":\"ping\"}"));
    assertEquals("pong", flooding.nextJson().getString("type"));
  }

  @Test
  void whoPingsAndReadsNothingHoldsUpNobody() {
    byte[] pings = pings();
    List<Future<Boolean>> floods =
        java.util.stream.IntStream.range(0, DEAF)
            .mapToObj(
                i -> {
                  RawSocket deaf = websocket(RawSocket.Options.smallWindow()).socket();
                  return start(
                      () -> {
                        try {
                          deaf.send(pings);
                          return true;
                        } catch (PeerGone gone) {
                          return false;
                        }
                      });
                })
            .toList();
    for (int i = 0; i < 5; i++) {
      assertServedSoon();
    }
    assertEquals(DEAF, floods.size());
  }

  @Test
  void anEndlessRowOfEmptyFragmentsIsEnded() {
    RawWebSocket flooding = chat().socket();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Frame empty = Frame.text("").notLast();
    all.writeBytes(empty.bytes());
    for (int i = 0; i < 20_000; i++) {
      all.writeBytes(empty.opcode(Frame.CONTINUATION).bytes());
    }
    Future<Boolean> sending = start(() -> trySending(flooding.socket(), all.toByteArray()));
    Closing end = flooding.awaitClose(Duration.ofSeconds(20));
    assertTrue(List.of(1009, 1006).contains(end.code()), end::toString);
    result(sending, 10);
    assertServedSoon();
  }

  private static boolean trySending(RawSocket socket, byte[] bytes) {
    try {
      socket.send(bytes);
      return true;
    } catch (PeerGone gone) {
      return false;
    }
  }

  @Test
  void aMessageThatDripsIsEnded() {
    RawWebSocket dripping = chat().socket();
    dripping.send(Frame.text("{").notLast());
    Deadline given = Deadline.in(Duration.ofSeconds(20));
    while (!given.passed()) {
      if (dripping.poll(Deadline.in(Duration.ofMillis(300))).isPresent()) {
        break;
      }
      trySending(dripping.socket(), Frame.text(" ").opcode(Frame.CONTINUATION).notLast().bytes());
    }
    Closing end = closing(dripping);
    assertTrue(!given.passed(), "it was listened to for " + given.given());
    assertTrue(List.of(4000, 1006).contains(end.code()), end::toString);
    assertServedSoon();
  }

  /** What came was the farewell of the session, or its Close frame. */
  private static Closing closing(RawWebSocket socket) {
    return socket.awaitClose(Duration.ofSeconds(10));
  }

  @Test
  void whatSwellsIsNotUnpacked() throws Exception {
    RawWebSocket bomb =
        websocket(
            handshake()
                .with("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"));
    assertEquals(List.of(), bomb.handshake().all("Sec-WebSocket-Extensions"));
    assertEquals("welcome", bomb.nextJson().getString("type"));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out =
        new DeflaterOutputStream(packed, new Deflater(Deflater.BEST_COMPRESSION, true))) {
      byte[] zeros = new byte[1024 * 1024];
      for (int i = 0; i < 50; i++) {
        out.write(zeros);
      }
    }
    assertTrue(packed.size() < 60_000, packed.size() + " bytes");
    bomb.send(Frame.of(Frame.TEXT, packed.toByteArray()).reserved(4));
    Closing end = bomb.awaitClose(Duration.ofSeconds(10));
    assertTrue(List.of(1002, 1006).contains(end.code()), end::toString);
  }
}
