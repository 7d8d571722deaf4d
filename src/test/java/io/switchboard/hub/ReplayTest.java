package io.switchboard.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.switchboard.channel.Payload;
import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final Instant ARRIVAL = Instant.parse("2026-01-02T03:04:05.678Z");

  /** One publication for each number: so many milliseconds after the arrival. */
  private static List<Publication> log(int... millis) {
    return IntStream.range(0, millis.length)
        .mapToObj(
            i ->
                new Publication(
                    i + 1, ARRIVAL.plusMillis(millis[i]), null, Payload.of(JsonValue.NULL), null))
        .toList();
  }

  private static void assertReplay(
      List<Long> shown, long position, List<Publication> log, int last, long firstHeard) {
    Replay replay = Replay.of(new StreamPosition("e", log.size()), log, last, ARRIVAL, firstHeard);
    assertEquals(shown, replay.shown().stream().map(Publication::offset).toList());
    assertEquals(new StreamPosition("e", position), replay.position());
  }

  @Test
  void thePastIsShownUpToTheArrival() {
    assertReplay(List.of(2L, 3L), 3, log(-9, -5, -1), 2, 0);
    assertReplay(List.of(), 3, log(-9, -5, -1), 0, 0);
    assertReplay(List.of(), 0, log(), 20, 0);
  }

  @Test
  void whatWasCommittedBeforeTheLogWasReadIsNews() {
    assertReplay(List.of(1L, 2L), 2, log(-9, -5, 1, 2), 20, 0);
    assertReplay(List.of(2L), 2, log(-9, -5, 1, 2), 1, 0);
    assertReplay(List.of(), 2, log(-9, -5, 1, 2), 0, 0);
  }

  @Test
  void whatWasAnnouncedSinceIsNewsWhateverTheClocksSay() {
    assertReplay(List.of(1L), 1, log(-9, -5, -1), 20, 2);
  }

  @Test
  void inTheMillisecondOfTheArrivalNothingIsLost() {
    assertReplay(List.of(1L, 2L), 2, log(-9, 0), 20, 0);
    assertReplay(List.of(), 1, log(-9, 0), 0, 0);
  }

  @Test
  void moreInBetweenThanWereReadIsLeftToTheLog() {
    List<Publication> read = log(1, 2, 3).subList(1, 3); // the first was not among the last read
    Replay replay = Replay.of(new StreamPosition("e", 3), read, 0, ARRIVAL, 1);
    assertEquals(new StreamPosition("e", 0), replay.position());
  }
}
