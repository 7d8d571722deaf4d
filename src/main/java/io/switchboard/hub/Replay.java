package io.switchboard.hub;

import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import java.time.Instant;
import java.util.List;

/**
 * What somebody who joins a room is shown of the past, and from where on it is told what happens.
 *
 * <p>Joining and reading the log are two steps, and an engine may commit publications in between:
 * these are news, although they stand in the log that was read. Nothing may fall between the two.
 *
 * @param shown what is past, oldest first
 * @param position what comes after it is told as news
 */
record Replay(List<Publication> shown, StreamPosition position) {
  /** So many publications may come between the two steps and still be told apart from the past. */
  static final int BETWEEN = 16;

  /**
   * Cuts what was read.
   *
   * @param top the end of the log
   * @param read what stands before it, oldest first, up to {@link #BETWEEN} more than {@code last}
   * @param last how many are to be shown
   * @param arrival when the joining one came
   * @param firstHeard the offset of the first publication that was announced since; 0 if none was
   */
  static Replay of(
      StreamPosition top, List<Publication> read, int last, Instant arrival, long firstHeard) {
    int cut = 0;
    while (cut < read.size()) {
      Publication publication = read.get(cut);
      // In the same millisecond nobody knows. What is shown cannot be lost; what is not, could be.
      boolean later =
          last > 0 ? publication.at().isAfter(arrival) : !publication.at().isBefore(arrival);
      if (later || (firstHeard > 0 && publication.offset() >= firstHeard)) {
        break;
      }
      cut++;
    }
    long position = cut == read.size() ? top.offset() : read.get(cut).offset() - 1;
    if (firstHeard > 0) { // more may have come in between than were read; the log has them
      position = Math.min(position, firstHeard - 1);
    }
    return new Replay(
        read.subList(Math.max(0, cut - last), cut), new StreamPosition(top.epoch(), position));
  }
}
