package io.switchboard.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.switchboard.admission.TrustedProxies.Sender;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What proxies, or those who pretend to be some, say. See {@code src/test/fuzz}. */
class ForwardingFuzzTest {
  private static final List<String> NAMES =
      List.of(
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Proto",
          "X-Forwarded-Host",
          "X-Forwarded-Port");

  /** What is understood can be written properly and is then understood the same. */
  @FuzzTest
  void forwarded(FuzzedDataProvider data) {
    List<String> lines = List.of(data.consumeRemainingAsString().split("\n", -1));
    Optional<List<Map<String, String>>> elements = Forwarded.parse(lines);
    if (elements.isEmpty()) {
      return;
    }
    String written =
        elements.get().stream()
            .map(
                element ->
                    element.entrySet().stream()
                        .map(
                            e ->
                                "%s=\"%s\""
                                    .formatted(
                                        e.getKey(),
                                        e.getValue().replace("\\", "\\\\").replace("\"", "\\\"")))
                        .collect(Collectors.joining(";")))
            .collect(Collectors.joining(", "));
    assertEquals(elements, Forwarded.parse(List.of(written)), written);
    for (Map<String, String> element : elements.get()) {
      assertFalse(element.isEmpty());
      element.keySet().forEach(key -> assertEquals(key.toLowerCase(Locale.ROOT), key));
    }
  }

  /** Nobody but a trusted proxy is listened to, and what counts as an address is one. */
  @FuzzTest
  void senders(FuzzedDataProvider data) {
    Map<String, List<String>> headers = new HashMap<>();
    for (int i = data.consumeInt(0, 6); i > 0; i--) {
      headers
          .computeIfAbsent(data.pickValue(NAMES), name -> new ArrayList<>())
          .add(data.consumeString(60));
    }
    String text = data.consumeRemainingAsString();
    Network.parse(text).ifPresent(network -> assertTrue(network.contains(network.first())));
    TrustedProxies proxies = new TrustedProxies(List.of("127.0.0.1", "10.0.0.0/8", "fd00::/8"));
    Sender stranger = new Sender("192.0.2.7", "chat.example", false);
    assertSame(stranger, proxies.sender(stranger, name -> headers.getOrDefault(name, List.of())));
    Sender proxy = new Sender("10.0.0.7", "chat.example", false);
    Sender sender = proxies.sender(proxy, name -> headers.getOrDefault(name, List.of()));
    assertTrue(Network.address(sender.address().split("%", 2)[0]).isPresent(), sender::toString);
    assertFalse(sender.host() == null || sender.host().isBlank());
    assertFalse(ClientAddress.of(sender.address()).isBlank());
  }
}
