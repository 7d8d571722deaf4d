package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/**
 * The limits per address, per server and per session, made small.
 *
 * <p>Peers come from several loopback addresses (all of 127.0.0.0/8 is the machine itself on
 * Linux), so that each test has addresses of its own.
 */
class LimitsIT extends WireTest {
  private static final int PER_ADDRESS = 4;
  private static final int ALL = 6;

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.connections.per-address", Integer.toString(PER_ADDRESS),
        "switchboard.connections.max", Integer.toString(ALL),
        "switchboard.session.channels", "3",
        "switchboard.session.rate", "5",
        "switchboard.session.burst", "10",
        "switchboard.message.max-size", "2KiB");
  }

  /** Connects from {@code address}; a place just given up may take a moment to be free. */
  private ChatClient open(String address) {
    Deadline deadline = Deadline.patient();
    while (true) {
      RawSocket socket =
          closedAfterwards(RawSocket.connect(server(), RawSocket.Options.from(address)));
      HttpReply reply = exchange(handshake(), socket);
      if (reply.status() == 101) {
        return new ChatClient(closedAfterwards(new RawWebSocket(socket, reply)));
      }
      socket.close();
      assertTrue(!deadline.passed(), () -> "no place for " + address + ": " + reply);
    }
  }

  private void assertFull(int status, String address) {
    RawSocket socket =
        closedAfterwards(RawSocket.connect(server(), RawSocket.Options.from(address)));
    HttpReply reply = exchange(handshake(), socket);
    assertRefusal(status, reply, handshake());
    String after = reply.header("Retry-After").orElse("");
    assertTrue(after.matches("[1-9]\\d*"), () -> "Retry-After in " + reply);
    socket.assertEndedByServer();
  }

  private List<ChatClient> open(String address, int count) {
    List<ChatClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(open(address));
    }
    return clients;
  }

  @Test
  void anAddressHasItsShareAndNoMore() {
    List<ChatClient> clients = open("127.0.0.2", PER_ADDRESS);
    assertFull(429, "127.0.0.2");
    open("127.0.0.3").assertNothingMore();
    clients.get(0).close();
    open("127.0.0.2").assertNothingMore();
    clients.get(1).reset();
    open("127.0.0.2").assertNothingMore();
    clients.get(2).assertNothingMore();
  }

  @Test
  void aFullServerSaysSo() {
    List<ChatClient> clients = open("127.0.0.4", PER_ADDRESS);
    clients.addAll(open("127.0.0.5", ALL - PER_ADDRESS));
    assertFull(503, "127.0.0.6");
    assertFull(429, "127.0.0.4");
    clients.forEach(ChatClient::assertNothingMore);
    clients.get(0).close();
    open("127.0.0.6").assertNothingMore();
  }

  @Test
  void whoIsRefusedTakesNoPlace() {
    for (int i = 0; i < 3 * ALL; i++) {
      RawSocket socket =
          closedAfterwards(RawSocket.connect(server(), RawSocket.Options.from("127.0.0.7")));
      assertEquals(403, exchange(handshake().origin("http://evil.example"), socket).status());
    }
    open("127.0.0.7", PER_ADDRESS).forEach(ChatClient::assertNothingMore);
  }

  @Test
  void aSessionHasSoManyRooms() {
    ChatClient ann = open("127.0.0.8");
    String first = room();
    ann.join(first, "Ann");
    ann.join(room(), "Ann");
    ann.join(room(), "Ann");
    ann.send("type", "join", "room", room());
    ann.error("limit-exceeded");
    ann.send("type", "leave", "room", first);
    ann.next("left");
    ann.join(room(), "Ann");
  }

  @Test
  void whoSendsTooFastIsToldToWait() {
    ChatClient ann = open("127.0.0.9");
    for (int i = 0; i < 18; i++) {
      ann.send("type", "ping");
    }
    int pongs = 0;
    for (int i = 0; i < 18; i++) {
      JsonObject answer = ann.next();
      if (answer.getString("type").equals("pong")) {
        pongs++;
      } else {
        assertEquals("rate-limited", answer.getString("code"), answer::toString);
        assertTrue(answer.getBoolean("retry"), answer::toString);
      }
    }
    // 10 at once, and 5 more for each second that the 18 have taken.
    int served = pongs;
    assertTrue(served >= 10 && served < 18, () -> served + " pongs");
    Deadline deadline = Deadline.patient();
    while (!answersPing(ann)) {
      assertTrue(!deadline.passed(), "the session recovers");
      assertEquals(List.of(), ann.poll(Deadline.in(Duration.ofMillis(500))).stream().toList());
    }
  }

  @Test
  void whoNeverSlowsDownIsClosed() {
    ChatClient ann = open("127.0.0.11");
    String ping = "{\"type\":\"ping\"}";
    for (int i = 0; i < 100; i++) {
      ann.send(ping);
    }
    Closing closing = ann.awaitClose(Duration.ofSeconds(10));
    assertEquals(4102, closing.code(), closing::toString);
  }

  private static boolean answersPing(ChatClient client) {
    client.send("type", "ping");
    return client.next().getString("type").equals("pong");
  }

  @Test
  void theMessageSizeIsASetting() {
    ChatClient ann = open("127.0.0.10");
    String start = "{\"type\":\"ping\",\"pad\":\"";
    ann.send(start + "x".repeat(2048 - start.length() - 2) + "\"}");
    ann.next("pong");
    ann.send(start + "x".repeat(2049 - start.length() - 2) + "\"}");
    Closing closing = ann.awaitClose(Deadline.PATIENCE);
    assertEquals(1009, closing.code(), closing::toString);
  }
}
