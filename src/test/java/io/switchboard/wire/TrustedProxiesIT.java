package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What proxies say, and what others say who are none.
 *
 * <p>The test itself is the proxy, on a loopback address that is trusted, and anybody on one that
 * is not.
 */
class TrustedProxiesIT extends WireTest {
  private static final int PER_ADDRESS = 3;
  private static final String PROXY = "127.0.1.1";
  private static final String INNER_PROXY = "127.0.2.7";
  private static final String STRANGER = "127.0.3.1";

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.trusted-proxies",
        PROXY + ", 127.0.2.0/24",
        "switchboard.connections.per-address",
        Integer.toString(PER_ADDRESS));
  }

  private HttpReply reply(String peer, Handshake request) {
    RawSocket.Options from = RawSocket.Options.from(peer);
    return exchange(request, closedAfterwards(RawSocket.connect(server(), from)));
  }

  private ChatClient open(String peer, Handshake request) {
    RawSocket.Options from = RawSocket.Options.from(peer);
    RawSocket socket = closedAfterwards(RawSocket.connect(server(), from));
    return new ChatClient(closedAfterwards(RawWebSocket.open(socket, request)));
  }

  private String address(ChatClient client) {
    return api().get("/sessions/" + client.session()).json().getString("address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 192.0.2.17",
        "X-Forwarded-For: 198.51.100.1, 192.0.2.17:4711, 127.0.2.9",
        "x-forwarded-for: 198.51.100.1, 192.0.2.17",
        "Forwarded: for=192.0.2.17",
        "Forwarded: for=\"198.51.100.1\", For=\"192.0.2.17:4711\";proto=https",
      })
  void theWordOfAProxyCounts(String line) {
    String[] header = line.split(": ", 2);
    ChatClient client = open(PROXY, handshake().with(header[0], header[1]));
    assertEquals("192.0.2.17", address(client));
    client.close();
  }

  @Test
  void linesOfAHeaderFollowEachOther() {
    Handshake request =
        handshake().and("X-Forwarded-For", "198.51.100.1").and("X-Forwarded-For", "192.0.2.18");
    assertEquals("192.0.2.18", address(open(INNER_PROXY, request)));
  }

  @Test
  void anAddressOfVersionSixStandsForItsNetwork() {
    Handshake request = handshake().with("Forwarded", "for=\"[2001:db8:1:2:3::4]:4711\"");
    assertEquals("20:01:0d:b8:00:01:00:02/64", address(open(PROXY, request)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 192.0.2.19",
        "Forwarded: for=192.0.2.19",
      })
  void theWordOfAStrangerDoesNot(String line) {
    String[] header = line.split(": ", 2);
    ChatClient client = open(STRANGER, handshake().with(header[0], header[1]));
    assertEquals(STRANGER, address(client));
    client.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: unknown",
        "X-Forwarded-For: ,",
        "X-Forwarded-For: 1.2.3.4.5, chat.example",
        "Forwarded: for=_hidden",
        "Forwarded: for=\"",
        "Forwarded: ;;=,\\",
      })
  void nonsenseLeavesTheAddressOfTheProxy(String line) {
    String[] header = line.split(": ", 2);
    ChatClient client = open("127.0.2.33", handshake().with(header[0], header[1]));
    assertEquals("127.0.2.33", address(client));
    client.close();
  }

  @Test
  void theLimitIsOfTheClientBehindTheProxy() {
    List<ChatClient> clients = new ArrayList<>();
    for (int i = 0; i < PER_ADDRESS; i++) {
      // What the client itself writes on the left makes no other one of it.
      Handshake request = handshake().with("X-Forwarded-For", "198.51.100." + i + ", 192.0.2.20");
      clients.add(open(PROXY, request));
    }
    Handshake again = handshake().with("X-Forwarded-For", "192.0.2.20");
    assertRefusal(429, reply(PROXY, again), again);
    assertRefusal(429, reply(INNER_PROXY, again), again);
    open(PROXY, handshake().with("X-Forwarded-For", "192.0.2.21")).assertNothingMore();
    clients.forEach(ChatClient::assertNothingMore);
  }

  @Test
  void aStrangerHasNoOtherLimitByItsWords() {
    for (int i = 0; i < PER_ADDRESS; i++) {
      open("127.0.3.2", handshake().with("X-Forwarded-For", "192.0.2." + (30 + i)));
    }
    Handshake again = handshake().with("X-Forwarded-For", "192.0.2.39");
    assertRefusal(429, reply("127.0.3.2", again), again);
  }

  @Test
  void aPageBehindAProxyThatEndsTlsIsOfTheSameHost() {
    Handshake common =
        handshake()
            .origin("https://chat.example")
            .with("X-Forwarded-For", "192.0.2.22")
            .with("X-Forwarded-Proto", "https")
            .with("X-Forwarded-Host", "chat.example");
    open(PROXY, common).assertNothingMore();
    assertRefusal(403, reply(STRANGER, common), common);

    Handshake standard =
        handshake()
            .origin("https://chat.example:8443")
            .with("Forwarded", "for=192.0.2.22;proto=https;host=\"chat.example:8443\"");
    open(PROXY, standard).assertNothingMore();
    assertRefusal(403, reply(STRANGER, standard), standard);

    Handshake withPort =
        common.origin("https://chat.example:8443").with("X-Forwarded-Port", "8443");
    open(PROXY, withPort).assertNothingMore();
  }

  @Test
  void aPageWithoutTlsMayNotReachAnAddressWithTls() {
    Handshake request =
        handshake()
            .with("Host", "chat.example")
            .with("X-Forwarded-For", "192.0.2.23")
            .origin("http://chat.example");
    open(PROXY, request).assertNothingMore();
    Handshake overTls = request.with("X-Forwarded-Proto", "https");
    assertRefusal(403, reply(PROXY, overTls), overTls);
  }

  @Test
  void aForeignPageStaysForeignBehindAProxy() {
    Handshake request =
        handshake()
            .origin("https://evil.example")
            .with("X-Forwarded-For", "192.0.2.24")
            .with("X-Forwarded-Proto", "https")
            .with("X-Forwarded-Host", "evil.example, chat.example");
    assertRefusal(403, reply(PROXY, request), request);
  }
}
