package io.switchboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.switchboard.channel.Text;
import io.switchboard.engine.Order;
import io.switchboard.http.Percent;
import io.switchboard.protocol.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Paths, queries and bodies of the server API. See {@code src/test/fuzz}. */
class CallsFuzzTest {
  private static final Json JSON = new Json();

  private static final Router ROUTER =
      new Router(
          List.of(
              route("POST", "/publish"),
              route("POST", "/users/{user}/push"),
              route("GET", "/channels"),
              route("GET", "/channels/{channel}/history"),
              route("DELETE", "/channels/{channel}/history"),
              route("GET", "/channels/{channel}"),
              route("POST", "/sessions/{session}/disconnect")));

  private static Route route(String method, String path) {
    return new Route(Set.of(), method, path, call -> Reply.DONE.now());
  }

  /** A path is found, or the caller is told why not; its names are whole characters. */
  @FuzzTest
  void paths(FuzzedDataProvider data) {
    String method = data.pickValue(new String[] {"GET", "POST", "DELETE", "HEAD", "PUT"});
    String path = data.consumeRemainingAsString();
    try {
      Router.Match match = ROUTER.find(method, path);
      assertEquals(method.equals("HEAD") ? "GET" : method, match.route().method());
      assertEquals(
          match.route().path().chars().filter(c -> c == '{').count(), match.names().size());
      match.names().values().forEach(name -> assertTrue(Text.isWellFormed(name), path));
    } catch (Refused e) {
      int status = e.problem().status();
      assertTrue(Set.of(400, 404, 405).contains(status), () -> path + " is " + status);
      assertFalse(e.problem().detail().isBlank());
      assertEquals(status == 405, e.problem().headers().containsKey("Allow"));
      e.problem().headers().values().forEach(CallsFuzzTest::assertOneLine);
    }
  }

  private static void assertOneLine(String header) {
    assertFalse(Text.hasControlCharacter(header), header);
  }

  /** What is decoded and encoded again is decoded to the same; only whole characters come out. */
  @FuzzTest
  void percent(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    Percent.decode(text)
        .ifPresent(
            decoded -> {
              StringBuilder encoded = new StringBuilder();
              for (byte b : decoded.getBytes(StandardCharsets.UTF_8)) {
                encoded.append("%%%02X".formatted(b & 0xFF));
              }
              assertEquals(decoded, Percent.decode(encoded.toString()).orElseThrow());
            });
    List<String> pairs = new ArrayList<>();
    for (String pair : text.split("&", -1)) {
      if (pair.equals("n") || pair.startsWith("n=")) {
        pairs.add(pair);
      }
    }
    assertTrue(Percent.parameters(text, "n").size() >= pairs.size(), text);
  }

  /** An order is carried out as it was given, or the field is named. */
  @FuzzTest
  void orders(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    if (!(read(text) instanceof JsonObject object)) {
      return;
    }
    try {
      Orders.Why why = Orders.Why.of(object);
      Order.DisconnectUser order =
          Orders.order(() -> new Order.DisconnectUser("ann", why.code(), why.reason()));
      assertTrue(order.reason().getBytes(StandardCharsets.UTF_8).length <= 123, order::toString);
    } catch (Refused e) {
      assertEquals(400, e.problem().status());
      assertTrue(e.problem().detail().matches("(?s)(code|reason): .+"), e.problem()::detail);
    }
  }

  private static Object read(String text) {
    try {
      return JSON.read(text);
    } catch (JsonException e) {
      return text;
    }
  }
}
