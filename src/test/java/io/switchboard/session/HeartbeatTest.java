package io.switchboard.session;

import static io.switchboard.session.Heartbeat.Beat.DEAD;
import static io.switchboard.session.Heartbeat.Beat.NOTHING;
import static io.switchboard.session.Heartbeat.Beat.PING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private final FakeTime time = new FakeTime();
  private final Heartbeat heartbeat =
      new Heartbeat(
          new HeartbeatSettings(Duration.ofSeconds(25), Duration.ofSeconds(10)), time.getAsLong());

  /** Lets time pass; a Ping that is due then is sent at once. */
  private Heartbeat.Beat beatAfter(double seconds) {
    Heartbeat.Beat beat = beatAfterWithoutSending(seconds);
    if (beat == PING) {
      heartbeat.pinged(time.getAsLong());
    }
    return beat;
  }

  private Heartbeat.Beat beatAfterWithoutSending(double seconds) {
    time.pass(Duration.ofMillis((long) (seconds * 1000)));
    return heartbeat.beat(time.getAsLong());
  }

  @Test
  void aPingThatWasNotSentCostsNobodyItsLife() {
    assertEquals(PING, beatAfterWithoutSending(25));
    assertEquals(NOTHING, beatAfterWithoutSending(11));
    heartbeat.pinged(time.getAsLong());
    assertEquals(NOTHING, beatAfterWithoutSending(9.9));
    assertEquals(DEAD, beatAfterWithoutSending(0.1));
  }

  @Test
  void aPongThatComesBeforeThePingIsReportedCounts() {
    assertEquals(PING, beatAfterWithoutSending(25));
    long before = time.getAsLong();
    time.pass(Duration.ofMillis(1));
    heartbeat.alive(time.getAsLong());
    heartbeat.pinged(before);
    assertEquals(NOTHING, beatAfterWithoutSending(20));
  }

  @Test
  void aPingIsDueEachInterval() {
    assertEquals(NOTHING, beatAfter(24.9));
    assertEquals(PING, beatAfter(0.1));
    heartbeat.alive(time.getAsLong());
    assertEquals(NOTHING, beatAfter(24.9));
    assertEquals(PING, beatAfter(0.1));
  }

  @Test
  void aPingIsDueHoweverTalkativeThePeerIs() {
    beatAfter(24);
    heartbeat.alive(time.getAsLong());
    assertEquals(PING, beatAfter(1));
  }

  @Test
  void aPeerThatShowsNoLifeIsDead() {
    assertEquals(PING, beatAfter(25));
    assertEquals(NOTHING, beatAfter(9.9));
    assertEquals(DEAD, beatAfter(0.1));
  }

  @Test
  void anySignOfLifeCounts() {
    assertEquals(PING, beatAfter(25));
    beatAfter(9);
    heartbeat.alive(time.getAsLong());
    assertEquals(NOTHING, beatAfter(9));
    assertEquals(PING, beatAfter(7));
  }

  @Test
  void lifeFromBeforeThePingDoesNotCount() {
    beatAfter(24.9);
    heartbeat.alive(time.getAsLong());
    assertEquals(PING, beatAfter(0.1));
    assertEquals(DEAD, beatAfter(10));
  }
}
