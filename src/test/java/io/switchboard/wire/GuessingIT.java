package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Secrets that are guessed, and secrets that are used again. */
class GuessingIT extends WireTest {
  private static final String CONNECT = "{\"type\":\"connect\",\"id\":1}";

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.wrong-keys.rate", "2", "switchboard.wrong-keys.burst", "20");
  }

  private RawSocket from(String address) {
    return closedAfterwards(RawSocket.connect(server(), RawSocket.Options.from(address)));
  }

  private HttpReply open(String query, String address) {
    return from(address)
        .send(
            "POST %s%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(
                    server().path("/chat/sessions"),
                    query,
                    server().authority(),
                    CONNECT.length(),
                    CONNECT))
        .readHttp("POST");
  }

  private HttpReply poll(String address, String path, String secret) {
    return from(address)
        .send(
            "GET %s/messages?wait=0 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, server().authority(), secret))
        .readHttp("GET");
  }

  @Test
  void wrongSecretsAreAnsweredAlikeAndFewOfThem() {
    HttpReply opened = open("", "127.0.0.30");
    String path = opened.header("Location").orElseThrow();
    String secret = opened.json().getString("token");
    String socket = "127.0.0.31";
    String other = (secret.startsWith("A") ? "B" : "A") + secret.substring(1);
    List<String> wrong =
        List.of(
            "", "x", other, secret.substring(1), secret + "x", secret + "\u0000", "x".repeat(4000));
    String first = poll(socket, path, wrong.get(0)).body();
    int guesses = 1;
    HttpReply last;
    do {
      last = poll(socket, path, wrong.get(guesses % wrong.size()));
      guesses++;
      assertTrue(guesses < 10_000, "guessed without end");
      if (last.status() == 401) {
        assertEquals(first, last.body());
      }
    } while (last.status() == 401 || last.status() == 400); // a container refuses the NUL itself
    assertProblem(429, last);
    assertTrue(last.header("Retry-After").isPresent(), last::toString);
    assertTrue(guesses >= 20, guesses + " guesses");
    assertEquals(200, poll(socket, path, secret).status(), "who has it shares the address");
    assertEquals(200, api().get("/node").status(), "nor is it the application's fault");
  }

  @Test
  void oneTicketLetsOneInThroughWhicheverDoor() {
    String ticket = api().ticket(user(), "Ann");
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(start(() -> exchange(handshake().query("ticket=" + ticket)).status()));
      answers.add(start(() -> open("?ticket=" + ticket, "127.0.0.33").status()));
    }
    List<Integer> statuses = answers.stream().map(answer -> result(answer, 30)).sorted().toList();
    assertEquals(
        1, statuses.stream().filter(one -> one == 101 || one == 201).count(), statuses::toString);
    assertEquals(39, statuses.stream().filter(one -> one == 401).count(), statuses::toString);
    assertTrue(
        IntStream.range(0, 5)
            .allMatch(i -> exchange(handshake().query("ticket=" + ticket)).status() == 401));
  }
}
