package io.switchboard.ops.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Broker;
import io.switchboard.http.Problem;
import io.switchboard.hub.Hub;
import io.switchboard.hub.Tracing;
import io.switchboard.ops.ConnectionLog;
import io.switchboard.ops.NodeState;
import io.switchboard.protocol.Disconnect;
import io.switchboard.session.LimitCounts;
import io.switchboard.testing.FakeTime;
import io.switchboard.testing.Scrape;
import io.switchboard.testing.TestNode;
import io.switchboard.testing.TestNode.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a whole node but for the container counts. */
class MetricsTest {
  private static final ChannelName A = new ChannelName("room:a");
  private static final int QUEUE = 8 * 1024;

  private final FakeTime time = new FakeTime();
  private final Metrics metrics = new Metrics(new ConnectionLog(false, time), time);
  private final TestNode node =
      new TestNode(
          QUEUE,
          new TestNode.Watched(
              broker -> metrics.timed(new Away(broker)),
              new Hub.Watchers(metrics.hub(), Tracing.OFF),
              metrics.sessions()));

  /** Held, because meters do not hold what they ask. */
  private final LimitCounts limits = new LimitCounts();

  private @Nullable RuntimeException away;

  /** An engine that publishes nothing while it is away. */
  private final class Away implements Broker {
    private final Broker broker;

    Away(Broker broker) {
      this.broker = broker;
    }

    @Override
    public CompletionStage<Published> publish(ChannelName channel, Request request) {
      return away == null ? broker.publish(channel, request) : CompletableFuture.failedStage(away);
    }

    @Override
    public CompletionStage<History> history(ChannelName channel, Query query) {
      return broker.history(channel, query);
    }

    @Override
    public CompletionStage<Void> clear(ChannelName channel) {
      return broker.clear(channel);
    }

    @Override
    public void listen(Listener listener) {
      broker.listen(listener);
    }
  }

  MetricsTest() {
    metrics.watch(limits);
    metrics.watch(new NodeState(node.registry, node.hub, () -> true));
  }

  @AfterEach
  void nothingIsLeftBehind() {
    node.assertEndsEmpty();
    assertEquals(0, scrape().value("switchboard_sessions_behind"));
    assertEquals(
        scrape().value("switchboard_sessions_opened_total"),
        scrape().value("switchboard_sessions_closed_total"));
    metrics.close();
  }

  private Scrape scrape() {
    return Scrape.of(metrics.scrape("").body());
  }

  private Client listening(String user) {
    Client client = node.connect(node.superchat, new Identity(user, false));
    client.sayAndSettle("{'type':'connect','id':1,'subs':{'room:a':null}}");
    return client;
  }

  private void publish(String data) {
    node.hub.publish(A, null, Payload.of(node.json.read(data)), false);
  }

  @Test
  void aPublicationCountsOnceForEachWhoIsToldAndAsLongAsItTook() {
    listening("ann");
    listening("bob");
    publish("1");
    node.time.pass(Duration.ofMillis(40));
    node.workers.runAll();

    Scrape scrape = scrape();
    assertEquals(2, scrape.value("switchboard_fanout_seconds_count"));
    assertEquals(0.08, scrape.value("switchboard_fanout_seconds_sum"), 1e-9);
    assertEquals(0, scrape.value("switchboard_fanout_seconds_bucket", "le", "0.025"));
    assertEquals(2, scrape.value("switchboard_fanout_seconds_bucket", "le", "0.05"));
    assertEquals(1, scrape.value("switchboard_publications_total", "result", "accepted"));
    assertEquals(1, scrape.value("switchboard_engine_seconds_count", "operation", "publish"));
    assertEquals(2, scrape.value("switchboard_connections", "subprotocol", "superchat"));
    assertEquals(2, scrape.value("switchboard_messages_received_total", "transport", "other"));
    assertEquals(4, scrape.value("switchboard_messages_sent_total", "transport", "other"));
  }

  @Test
  void aSlowReaderIsBehindUntilItHasCaughtUp() {
    Client slow = listening("ann");
    slow.transport.immediate = false;
    for (int i = 0; i < 20; i++) {
      publish("\"" + "x".repeat(1_000) + "\"");
      node.workers.runAll();
    }
    assertTrue(slow.session.counts().isBehind());
    Scrape behind = scrape();
    assertEquals(1, behind.value("switchboard_sessions_behind"));
    assertEquals(1, behind.value("switchboard_fell_behind_total"));
    assertEquals(0, behind.value("switchboard_catchup_pages_total"));
    assertTrue(behind.value("switchboard_queue_bytes") > 0);

    slow.transport.resume();
    node.workers.runAll();
    while (!slow.transport.pings.isEmpty()) {
      slow.answerPings();
    }
    assertFalse(slow.session.counts().isBehind());
    Scrape after = scrape();
    assertEquals(0, after.value("switchboard_queue_bytes"));
    double fromLog = after.value("switchboard_catchup_publications_total");
    double live = after.value("switchboard_fanout_seconds_count");
    assertEquals(20, fromLog + live, "each was told once");
    assertTrue(after.value("switchboard_catchup_pages_total") > 0);
  }

  @Test
  void whoLeavesWhileBehindIsNotBehindAnyMore() {
    Client slow = listening("ann");
    slow.transport.immediate = false;
    for (int i = 0; i < 20; i++) {
      publish("\"" + "x".repeat(1_000) + "\"");
      node.workers.runAll();
    }
    assertEquals(1, scrape().value("switchboard_sessions_behind"));
    slow.sayAndSettle("{'type':'unsubscribe','id':2,'channel':'room:a'}");
    assertEquals(0, scrape().value("switchboard_sessions_behind"));
    slow.transport.resume();
  }

  @Test
  void aSessionCountsOnceByTheCodeItEndedWith() {
    Client ours = listening("ann");
    ours.session.close(Disconnect.NO_PONG);
    node.workers.runAll();
    ours.session.connectionClosed(1006);
    listening("bob").session.connectionClosed(1000);
    Client odd = listening("cid");
    odd.session.connectionClosed(4999);
    odd.session.connectionClosed(1000);

    Scrape scrape = scrape();
    assertEquals(1, scrape.value("switchboard_sessions_closed_total", "code", "4201"));
    assertEquals(1, scrape.value("switchboard_sessions_closed_total", "code", "1000"));
    assertEquals(1, scrape.value("switchboard_sessions_closed_total", "code", "other"));
    assertEquals(0, scrape.value("switchboard_sessions_closed_total", "code", "1006"));
  }

  @Test
  void commandsOverTheRateCount() {
    Client ann = listening("ann");
    for (int i = 0; i < 1_010; i++) {
      ann.sayAndSettle("{'type':'ping','id':%d}".formatted(i + 2));
    }
    node.workers.runAll();
    assertTrue(scrape().value("switchboard_command_errors_total", "code", "rate-limited") >= 10);
  }

  @Test
  void whatClientsChooseMakesNoLabels() {
    int before = scrape().size();
    for (int i = 0; i < 50; i++) {
      listening("user-" + i).session.connectionClosed(4500 + i);
      node.hub.publish(new ChannelName("room:" + i), null, Payload.of(node.json.read("1")), false);
      metrics.gate().refused(Problem.of(403, "Title " + i, ""));
    }
    node.workers.runAll();
    assertTrue(scrape().size() - before < 40, () -> before + " samples became " + scrape().size());
  }

  @Test
  void refusalsOfTheEngineAreToldFromFailures() {
    away = new RejectedExecutionException("the store is away");
    publish("1");
    away = new IllegalStateException("a defect");
    publish("1");
    node.workers.runAll();

    Scrape scrape = scrape();
    assertEquals(
        1,
        scrape.value("switchboard_engine_errors_total", "operation", "publish", "kind", "refused"));
    assertEquals(
        1,
        scrape.value("switchboard_engine_errors_total", "operation", "publish", "kind", "failed"));
    assertEquals(1, scrape.value("switchboard_publications_total", "result", "refused"));
    assertEquals(1, scrape.value("switchboard_publications_total", "result", "failed"));
    assertEquals(2, scrape.value("switchboard_engine_seconds_count", "operation", "publish"));
  }

  @Test
  void openMetricsIsSpokenToWhoAsksForIt() {
    Metrics.Scraped scraped = metrics.scrape("application/openmetrics-text;version=1.0.0,*/*");
    assertTrue(scraped.mediaType().startsWith(Metrics.OPEN_METRICS), scraped.mediaType());
    assertTrue(scraped.body().endsWith("# EOF\n"));
  }

  /** The list of the documentation is the list of the code. */
  @Test
  void everyMetricStandsInTheDocumentation() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    Pattern row = Pattern.compile("\\| `(switchboard_\\w+)` \\| ([^|]*) \\|.*");
    for (String line : Files.readAllLines(Path.of("src", "docs", "observability.md"))) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        Set<String> labels = new TreeSet<>();
        Matcher label = Pattern.compile("`(\\w+)`").matcher(matcher.group(2));
        while (label.find()) {
          labels.add(label.group(1));
        }
        documented.put(matcher.group(1), labels);
      }
    }
    assertEquals(documented, scrape().metrics("switchboard_"));
  }
}
