package bench;

import java.util.List;

/**
 * Publishes in turn by several publishers, at a fixed rate or as soon as there is room in a window.
 *
 * <p>At a rate, each message is stamped with the time it was due, so that a publisher that was held
 * up is charged to latency.
 */
final class Pace {
  private final List<Publisher> publishers;
  private int turn;
  private long origin;
  private long fromOrigin;

  /** How many were published in all. */
  long sent;

  Pace(List<Publisher> publishers) {
    this.publishers = publishers;
  }

  /** Begins a new schedule. */
  void restart(long now) {
    origin = now;
    fromOrigin = 0;
  }

  /** Publishes what is due at {@code rate} per second; returns when the next one is. */
  long atRate(double rate, long now) {
    long due = due(rate);
    while (due <= now && publish(due)) {
      fromOrigin++;
      due = due(rate);
    }
    return Math.max(due, now);
  }

  private long due(double rate) {
    return origin + (long) (fromOrigin * 1e9 / rate);
  }

  /** Publishes until {@code window} are more than {@code completed}. */
  void window(int window, long completed) {
    while (sent - completed < window && publish(Stamp.now())) {
      // As many as may be under way.
    }
  }

  private boolean publish(long time) {
    for (int i = 0; i < publishers.size(); i++) {
      Publisher publisher = publishers.get(turn);
      turn = (turn + 1) % publishers.size();
      if (publisher.isFree()) {
        publisher.publish(time);
        sent++;
        return true;
      }
    }
    return false;
  }
}
