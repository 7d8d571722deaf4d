package bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An application that publishes by {@code POST /api/publish} with idempotency keys, and does not
 * give up: what was not answered is published again, with the same key, until it is.
 */
final class SoakWriter {
  private static final long PAUSE_NANOS = 300_000_000;

  private record Outcome(int status, String body) {}

  private final String name;
  private final URI uri;
  private final String key;
  private final Map<String, SoakLog> logs;
  private final SoakLog.Failures failures;
  private final HttpClient client;

  /** Filled by the client's threads, emptied by the loop's. */
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

  private String channel = "";
  private String what = "";
  private boolean busy;
  private boolean sending;
  private long sendAt;
  private long number;

  /** Whether the server knows no keys here; then this writer does nothing. */
  boolean unsupported;

  long published;
  long answered;
  long repeated;
  long duplicates;

  SoakWriter(
      String name,
      HttpClient client,
      Target target,
      String key,
      Map<String, SoakLog> logs,
      SoakLog.Failures failures) {
    this.name = name;
    this.client = client;
    this.uri = URI.create("http://" + target.host() + ":" + target.port() + target.path());
    this.key = key;
    this.logs = logs;
    this.failures = failures;
  }

  boolean isBusy() {
    return busy;
  }

  /** Begins to publish; not while it is busy. */
  void publish(String toChannel) {
    channel = toChannel;
    what = name + "-" + number++;
    busy = true;
    published++;
    send();
  }

  private void send() {
    sending = true;
    String body =
        "{\"channel\":\"%s\",\"data\":\"%s\",\"key\":\"%s\"}".formatted(channel, what, what);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .whenComplete(
            (response, error) ->
                outcomes.add(
                    error == null
                        ? new Outcome(response.statusCode(), response.body())
                        : new Outcome(0, error.toString())));
  }

  /** Takes what came back, and tries again what failed. */
  void tick(long now) {
    Outcome outcome = outcomes.poll();
    if (outcome != null) {
      sending = false;
      take(outcome, now);
    }
    if (busy && !sending && now >= sendAt) {
      repeated++;
      send();
    }
  }

  private void take(Outcome outcome, long now) {
    if (outcome.status == 200) {
      Map<String, Object> answer = Json.objects(Json.read(outcome.body)).get(0);
      busy = false;
      answered++;
      duplicates += Boolean.TRUE.equals(answer.get("duplicate")) ? 1 : 0;
      logs.get(channel).answered(what, (Long) answer.get("offset"), (String) answer.get("epoch"));
    } else if (outcome.status == 501) {
      busy = false;
      unsupported = true;
      published--;
    } else if (outcome.status == 0 || outcome.status >= 500 || outcome.status == 429) {
      sendAt = now + PAUSE_NANOS;
    } else {
      busy = false;
      failures.add(name + ": " + outcome);
    }
  }
}
