package io.switchboard.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.Identity;
import io.switchboard.channel.Namespace;
import io.switchboard.testing.TestNode;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LabTest {
  /** Beats when it is told to. */
  private static final class Beats implements Pulse {
    private record Beat(Duration period, Runnable task) {}

    private final List<Beat> beats = new ArrayList<>();

    @Override
    public Runnable every(Duration period, Runnable task) {
      Beat beat = new Beat(period, task);
      beats.add(beat);
      return () -> beats.remove(beat);
    }

    void beat() {
      List.copyOf(beats).forEach(beat -> beat.task().run());
    }
  }

  private final TestNode node = new TestNode(List.of(Lab.namespace()), 9, 1 << 20);
  private final Beats beats = new Beats();
  private final Lab lab = lab(true);

  private Lab lab(boolean enabled) {
    return new Lab(
        enabled,
        node.hub,
        new Lab.Sources(node.time, node.time, new Random(1), beats, () -> 0, "cpu"));
  }

  private Run start() {
    return lab.start(new Run.Wish(10, 100)).orElseThrow();
  }

  private TestNode.Client listener(Run run) {
    TestNode.Client client = node.connect(node.superchat, new Identity("ann", true));
    client.sayAndSettle("{'type':'connect','id':1}");
    client.next("connected");
    client.sayAndSettle(
        "{'type':'subscribe','id':2,'channel':'%s'}".formatted(run.channel().value()));
    client.next("subscribed");
    return client;
  }

  private void beat() {
    beats.beat();
    node.workers.runAll();
  }

  @AfterEach
  void nothingIsLeft() {
    node.assertEndsEmpty();
  }

  @Test
  void whoeverListensHearsNumberedPublicationsOfTheSizeThatWasAskedFor() {
    Run run = start();
    TestNode.Client ann = listener(run);
    for (int number = 1; number <= 3; number++) {
      node.time.pass(Duration.ofMillis(100));
      beat();
      JsonObject data = ann.next("publication").getJsonObject("data");
      assertEquals(number, data.getInt("n"));
      assertEquals(lab.micros(), data.getJsonNumber("t").longValue());
      assertEquals(100, data.toString().getBytes(StandardCharsets.UTF_8).length);
    }
    assertEquals(3, run.published());
    assertEquals(Duration.ofMillis(100), beats.beats.get(0).period());
  }

  @Test
  void nothingIsPublishedForNobody() {
    Run run = start();
    beat();
    assertEquals(0, run.published());
  }

  @Test
  void aStreamEndsWhenNobodyHasListenedForAWhile() {
    Run run = start();
    TestNode.Client ann = listener(run);
    beat();
    node.time.pass(Lab.PATIENCE.multipliedBy(2));
    beat();
    assertTrue(lab.find(run.id()).isPresent(), "somebody listens");
    ann.session.connectionClosed();
    node.workers.runAll();
    beat();
    node.time.pass(Lab.PATIENCE.minusMillis(1));
    beat();
    assertTrue(lab.find(run.id()).isPresent(), "somebody may come back");
    node.time.pass(Duration.ofMillis(1));
    beat();
    assertTrue(lab.find(run.id()).isEmpty());
    assertEquals(List.of(), beats.beats, "and its beats with it");
  }

  @Test
  void aStreamEndsWhenItsTimeIsOver() {
    Run run = start();
    listener(run);
    node.time.pass(Lab.LONGEST.minusMillis(1));
    beat();
    assertTrue(lab.find(run.id()).isPresent());
    node.time.pass(Duration.ofMillis(1));
    beat();
    assertTrue(lab.find(run.id()).isEmpty());
  }

  @Test
  void thereIsRoomForAFew() {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < Lab.MAX_RUNS; i++) {
      runs.add(start());
    }
    assertTrue(lab.start(new Run.Wish(1, 64)).isEmpty());
    assertNotEquals(runs.get(0).channel(), runs.get(1).channel());
    assertTrue(lab.stop(runs.get(0).id()));
    assertFalse(lab.stop(runs.get(0).id()), "it has ended already");
    start();
  }

  @Test
  void nothingStartsWhereItIsSwitchedOff() {
    assertTrue(lab(false).start(new Run.Wish(1, 64)).isEmpty());
    assertEquals(List.of(), beats.beats);
  }

  @Test
  void nothingIsCountedWhileNothingRuns() {
    assertTrue(lab.traffic().frames("key").isEmpty());
    Run run = start();
    lab.traffic().frames("key").orElseThrow().sent(10);
    assertEquals(12, lab.traffic().find("key").orElseThrow().sent());
    lab.stop(run.id());
    assertTrue(lab.traffic().frames("key").isEmpty());
    assertTrue(lab.traffic().find("key").isEmpty(), "and what was counted is forgotten");
  }

  @Test
  void onlyTheServerSpeaksAndNothingIsKept() {
    assertEquals(Namespace.Access.SERVER, Lab.namespace().publish());
    assertEquals(0, Lab.namespace().historySize());
    assertFalse(Lab.namespace().durable());
  }
}
