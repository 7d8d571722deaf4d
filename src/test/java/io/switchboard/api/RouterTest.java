package io.switchboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  private final Router router =
      new Router(
          List.of(
              route("GET", "/channels"),
              route("GET", "/channels/{channel}/history"),
              route("DELETE", "/channels/{channel}/history"),
              route("GET", "/channels/{channel}"),
              route("POST", "/users/{user}/push")));

  private static Route route(String method, String path) {
    return new Route(Set.of(), method, path, call -> Reply.DONE.now());
  }

  @ParameterizedTest
  @CsvSource({
    "/channels/room:lobby, room:lobby",
    "/channels/room%3Alobby, room:lobby",
    "/channels/room%3alobby, room:lobby",
    "/channels/room:a/b, room:a/b",
    "/channels/room:a%2Fb, room:a/b",
    "/channels/room:a%2Fhistory, room:a/history",
    "/channels/room:l%C3%A9%20x, room:lé x",
    "/channels/room:%F0%9F%98%80, room:😀",
    "/channels/room:a+b%2Bc, room:a+b+c",
    "/channels/room:a%25b, room:a%b",
    "/channels/room:a;b=c, room:a;b=c",
    "/channels/room:a?, room:a?",
    "/channels/~cm9vbTphL2I, room:a/b",
    "/channels/~cm9vbTphL2I=, room:a/b",
  })
  void aNameIsDecodedOnce(String path, String channel) throws Refused {
    Router.Match match = router.find("GET", path);
    assertEquals("/channels/{channel}", match.route().path());
    assertEquals(Map.of("channel", channel), match.names());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /channels, /channels",
    "GET, /channels/room:a/history, /channels/{channel}/history",
    "GET, /channels/room:a/b/history, /channels/{channel}/history",
    "DELETE, /channels/room:a/history, /channels/{channel}/history",
    "HEAD, /channels/room:a, /channels/{channel}",
    "POST, /users/a/b/push, /users/{user}/push",
  })
  void theLongerPathIsTaken(String method, String path, String taken) throws Refused {
    assertEquals(taken, router.find(method, path).route().path());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing, 404, ''",
    "GET, '', 404, ''",
    "GET, /, 404, ''",
    "GET, /channels/, 404, ''",
    "GET, /channelsx, 404, ''",
    "POST, /users/push, 404, ''",
    "POST, /users/ann, 404, ''",
    "POST, /channels, 405, 'GET, HEAD'",
    "POST, /channels/room:a/history, 405, 'GET, DELETE, HEAD'",
    "DELETE, /channels/room:a, 405, 'GET, HEAD'",
    "GET, /users/ann/push, 405, POST",
    "GET, /channels/room:%zz, 400, ''",
    "GET, /channels/room:%4, 400, ''",
    "GET, /channels/~room:a, 400, ''",
    "GET, /channels/~_w, 400, ''",
    "GET, /channels/room:%FF, 400, ''",
    "GET, /channels/room:%ED%A0%80, 400, ''",
  })
  void whatIsNotThereIsRefused(String method, String path, int status, String allow) {
    Refused refused = assertThrows(Refused.class, () -> router.find(method, path));
    assertEquals(status, refused.problem().status());
    assertEquals(allow, refused.problem().headers().getOrDefault("Allow", ""));
  }
}
