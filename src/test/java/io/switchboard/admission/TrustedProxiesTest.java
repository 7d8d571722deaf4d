package io.switchboard.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.admission.TrustedProxies.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private static final String PROXY = "10.0.0.5";
  private final TrustedProxies proxies =
      new TrustedProxies(List.of(PROXY, "10.1.0.0/16", "fd00::/8", "::1"));

  /** Lines such as {@code X-Forwarded-For: 192.0.2.7}, with bars between them. */
  private Sender sender(String peer, String lines) {
    return proxies.sender(
        new Sender(peer, "inner:8080", false),
        name -> {
          List<String> found = new ArrayList<>();
          for (String line : lines.split("\\|", -1)) {
            if (line.strip().startsWith(name + ":")) {
              found.add(line.strip().substring(name.length() + 1).strip());
            }
          }
          return found;
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "X-Forwarded-For: 192.0.2.7 > 192.0.2.7",
        "X-Forwarded-For: 192.0.2.7:4711 > 192.0.2.7",
        "X-Forwarded-For: 198.51.100.1, 192.0.2.7 > 192.0.2.7",
        "X-Forwarded-For: 198.51.100.1 | X-Forwarded-For: 192.0.2.7 > 192.0.2.7",
        "X-Forwarded-For: 198.51.100.1, 192.0.2.7, 10.1.2.3, 10.0.0.5 > 192.0.2.7",
        "X-Forwarded-For: 192.0.2.7 | X-Forwarded-For: 10.1.2.3 > 192.0.2.7",
        "X-Forwarded-For: 10.1.0.1, 10.1.0.2 > 10.1.0.1",
        "X-Forwarded-For: garbage, 192.0.2.7 > 192.0.2.7",
        "X-Forwarded-For: \", 192.0.2.7 > 192.0.2.7",
        "X-Forwarded-For: ,, 192.0.2.7 ,, > 192.0.2.7",
        "X-Forwarded-For: 2001:db8::7 > 2001:db8:0:0:0:0:0:7",
        "X-Forwarded-For: [2001:db8::7] > 2001:db8:0:0:0:0:0:7",
        "X-Forwarded-For: [2001:db8::7]:443 > 2001:db8:0:0:0:0:0:7",
        "X-Forwarded-For: 2001:db8::7, fd00::9 > 2001:db8:0:0:0:0:0:7",
        "X-Forwarded-For: ::ffff:192.0.2.7 > 192.0.2.7",
        "X-Forwarded-For: 192.0.2.7, ::ffff:10.1.0.1 > 192.0.2.7",
        "Forwarded: for=192.0.2.7 > 192.0.2.7",
        "Forwarded: For=192.0.2.7;proto=http;by=203.0.113.43 > 192.0.2.7",
        "Forwarded: for=\"192.0.2.7\" > 192.0.2.7",
        "Forwarded: for=\"192.0.2.7:4711\" > 192.0.2.7",
        "Forwarded: for=192.0.2.7:4711 > 192.0.2.7",
        "Forwarded: for=\"[2001:db8::7]:4711\" > 2001:db8:0:0:0:0:0:7",
        "Forwarded: for=[2001:db8::7] > 2001:db8:0:0:0:0:0:7",
        "Forwarded: for=\"\\[2001:db8::\\7]\" > 2001:db8:0:0:0:0:0:7",
        "Forwarded: for=198.51.100.1, for=192.0.2.7 > 192.0.2.7",
        "Forwarded: for=198.51.100.1 | Forwarded: for=192.0.2.7, for=10.1.2.3 > 192.0.2.7",
        "Forwarded: for=\"198.51.100.1, for=6.6.6.6\", for=192.0.2.7 > 192.0.2.7",
        "Forwarded: for=_hidden, for=192.0.2.7 > 192.0.2.7",
        "Forwarded: , ;; for=192.0.2.7 ; , > 192.0.2.7",
        "Forwarded: for=192.0.2.7 | X-Forwarded-For: 198.51.100.1, 192.0.2.7 > 192.0.2.7",
      })
  void theClientIsTheFirstFromTheRightThatIsNoProxy(String lines, String client) {
    assertEquals(client, sender(PROXY, lines).address());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "X-Forwarded-For: unknown > 10.0.0.5",
        "X-Forwarded-For: garbage > 10.0.0.5",
        "X-Forwarded-For: 192.0.2.7, garbage > 10.0.0.5",
        "X-Forwarded-For: 192.0.2.7, garbage, 10.1.0.1 > 10.1.0.1",
        "X-Forwarded-For: 192.0.2.7; 10.1.0.1 > 10.0.0.5",
        "X-Forwarded-For: 192.0.2.256 > 10.0.0.5",
        "X-Forwarded-For: 192.0.2.07 > 10.0.0.5",
        "X-Forwarded-For: 192.0.2 > 10.0.0.5",
        "X-Forwarded-For: 3221225985 > 10.0.0.5",
        "X-Forwarded-For: chat.example > 10.0.0.5",
        "X-Forwarded-For: [::1 > 10.0.0.5",
        "X-Forwarded-For: ] > 10.0.0.5",
        "X-Forwarded-For: [] > 10.0.0.5",
        "X-Forwarded-For: [2001:db8::7]x > 10.0.0.5",
        "X-Forwarded-For: : > 10.0.0.5",
        "X-Forwarded-For: fe80::1%eth0 > 10.0.0.5",
        "X-Forwarded-For: , > 10.0.0.5",
        "X-Forwarded-For: > 10.0.0.5",
        "Forwarded: for=unknown > 10.0.0.5",
        "Forwarded: for=_hidden > 10.0.0.5",
        "Forwarded: for=\"_hidden:_port\" > 10.0.0.5",
        "Forwarded: for=192.0.2.7, for=unknown > 10.0.0.5",
        "Forwarded: for=192.0.2.7, for=_a, for=10.1.0.1 > 10.1.0.1",
        "Forwarded: proto=https > 10.0.0.5",
        "Forwarded: for= > 10.0.0.5",
        "Forwarded: for > 10.0.0.5",
        "Forwarded: =192.0.2.7 > 10.0.0.5",
        "Forwarded: for=\" > 10.0.0.5",
        "Forwarded: for=\"192.0.2.7 > 10.0.0.5",
        "Forwarded: for=\"192.0.2.7\\ > 10.0.0.5",
        "Forwarded: for=\"x, for=192.0.2.7 > 10.0.0.5",
        "Forwarded: for=192.0.2.7 for=192.0.2.7 > 10.0.0.5",
        "Forwarded: for=192.0.2.7;for=192.0.2.8 > 10.0.0.5",
        "Forwarded: for=192.0.2.7\"\" > 10.0.0.5",
        "Forwarded: > 10.0.0.5",
      })
  void whatIsNoAddressEndsTheWay(String lines, String nearest) {
    assertEquals(nearest, sender(PROXY, lines).address());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded: for=198.51.100.1 | X-Forwarded-For: 192.0.2.7",
        "Forwarded: for=198.51.100.1 | X-Forwarded-For: 198.51.100.1, 192.0.2.7",
        "Forwarded: for=unknown | X-Forwarded-For: 192.0.2.7",
        "Forwarded: nonsense | X-Forwarded-For: 192.0.2.7",
      })
  void twoHeadersThatDisagreeAreNotBelieved(String lines) {
    assertEquals(
        new Sender(PROXY, "inner:8080", false),
        sender(PROXY, lines + " | X-Forwarded-Proto: https | X-Forwarded-Host: chat.example"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.6",
        "10.2.0.1",
        "192.0.2.1",
        "fe80::1%eth0",
        "0:0:0:0:0:0:0:2",
        "unknown",
        "",
      })
  void aStrangerIsNotBelieved(String peer) {
    Sender stranger = new Sender(peer, "inner:8080", false);
    for (String header : List.of("X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.7")) {
      assertEquals(
          stranger,
          sender(peer, header + " | X-Forwarded-Proto: https | X-Forwarded-Host: chat.example"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.255.255", "fd12:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:1", "::1%0"})
  void aNetworkIsTrustedInAnySpelling(String peer) {
    assertEquals("192.0.2.7", sender(peer, "X-Forwarded-For: 192.0.2.7").address());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '`',
      value = {
        "X-Forwarded-For: 192.0.2.7 > inner:8080 > false",
        "X-Forwarded-Proto: https > inner:8080 > true",
        "X-Forwarded-Proto: HTTPS > inner:8080 > true",
        "X-Forwarded-Proto: wss > inner:8080 > true",
        "X-Forwarded-Proto: garbage > inner:8080 > false",
        "X-Forwarded-For: 192.0.2.7 | X-Forwarded-Proto: https > inner:8080 > true",
        "X-Forwarded-Proto: https, http > inner:8080 > false",
        "X-Forwarded-Host: chat.example > chat.example > false",
        "X-Forwarded-Host: evil.example, chat.example > chat.example > false",
        "X-Forwarded-Host: chat.example | X-Forwarded-Port: 8443 > chat.example:8443 > false",
        "X-Forwarded-Host: [::7] | X-Forwarded-Port: 8443 > [::7]:8443 > false",
        "X-Forwarded-Host: chat.example:1 | X-Forwarded-Port: 8443 > chat.example:1 > false",
        "X-Forwarded-Host: chat.example | X-Forwarded-Port: x > chat.example > false",
        "X-Forwarded-Port: 8443 > inner:8080 > false",
        "X-Forwarded-For: 192.0.2.7, 10.1.0.1 | X-Forwarded-Proto: https, http > inner:8080 > true",
        "X-Forwarded-For: 192.0.2.7, 10.1.0.1 | X-Forwarded-Proto: https > inner:8080 > true",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.7 | X-Forwarded-Host: evil.example, chat.example"
            + " > chat.example > false",
        "Forwarded: for=192.0.2.7;proto=https;host=chat.example > chat.example > true",
        "Forwarded: for=192.0.2.7;proto=https;host=\"chat.example:8443\" > chat.example:8443 >"
            + " true",
        "Forwarded: for=_hidden;proto=https;host=chat.example > chat.example > true",
        "Forwarded: host=evil.example;proto=http, for=192.0.2.7;proto=https > inner:8080 > true",
        "Forwarded: for=192.0.2.7;proto=https;host=chat.example, for=10.1.0.1;proto=http;host=x"
            + " > chat.example > true",
        "Forwarded: for=192.0.2.7, for=10.1.0.1;proto=https;host=chat.example"
            + " > chat.example > true",
        "Forwarded: for=192.0.2.7;host=\"\" > inner:8080 > false",
        "Forwarded: for=192.0.2.7;proto=https | X-Forwarded-Proto: http > inner:8080 > true",
      })
  void whatWasAskedForIsWhatTheOutermostTrustedProxySays(
      String lines, String host, boolean secure) {
    Sender sender = sender(PROXY, lines);
    assertEquals(host, sender.host());
    assertEquals(secure, sender.secure());
  }

  @Test
  void whateverIsWrittenOnTheLeftChangesNothing() {
    Random random = new Random(7);
    String alphabet = "for=;,:\"\\[] \t._192fd0%ünknow";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder noise = new StringBuilder();
      for (int length = random.nextInt(24); length > 0; length--) {
        noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String common = "X-Forwarded-For: " + noise + ", 192.0.2.7, 10.1.0.1";
      assertEquals("192.0.2.7", sender(PROXY, common).address(), common);
      String standard = "Forwarded: " + noise + ", for=192.0.2.7, for=10.1.0.1";
      String address = sender(PROXY, standard).address();
      // A string that is left open takes the rest of the line along.
      assertTrue(address.equals("192.0.2.7") || address.equals(PROXY), standard);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "proxy.example",
        "10.0.0",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "10.0.0.0/-1",
        "::1/129",
        "fd00::/x",
        "[::1]",
        "10.0.0.1-10.0.0.9",
        "256.0.0.1",
        "dead",
        ":",
      })
  void anEntryThatIsNoAddressIsNamed(String entry) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new TrustedProxies(List.of("10.0.0.1", entry)));
    assertTrue(String.valueOf(e.getMessage()).endsWith("got " + entry), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 255.1.2.3, true",
    "0.0.0.0/0, ::1, false",
    "::/0, ::1, true",
    "::/0, 127.0.0.1, false",
    "10.0.0.0/9, 10.127.255.255, true",
    "10.0.0.0/9, 10.128.0.0, false",
    "10.0.0.77/9, 10.1.0.0, true",
    "10.0.0.4/31, 10.0.0.5, true",
    "10.0.0.4/31, 10.0.0.6, false",
    "10.0.0.4/32, 10.0.0.4, true",
    "2001:db8::/33, 2001:db8:7fff::, true",
    "2001:db8::/33, 2001:db8:8000::, false",
    "::ffff:10.0.0.1, 10.0.0.1, true",
  })
  void aNetworkIsItsFirstBits(String network, String address, boolean contains) {
    assertEquals(
        contains,
        Network.parse(network).orElseThrow().contains(Network.address(address).orElseThrow()));
  }
}
