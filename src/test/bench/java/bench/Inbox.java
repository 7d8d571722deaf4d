package bench;

/** What one client got of the publications of one publisher, checked and timed. */
final class Inbox {
  /** What all clients of a run have seen. */
  static final class Total {
    final Histogram latency = new Histogram();

    /** While false, latency is not recorded. */
    boolean recording;

    long delivered;
    String trouble = "";

    void complain(String what) {
      if (trouble.isEmpty()) {
        trouble = what;
      }
    }
  }

  private static final Pattern MARKER = new Pattern("\"bench:");

  private final Total total;
  private final int size;
  private long next;

  /**
   * Makes one that has got nothing yet.
   *
   * @param size bytes of a payload
   */
  Inbox(Total total, int size) {
    this.total = total;
    this.size = size;
  }

  /** Takes the publications in {@code bytes[from..to)}; returns how many there were. */
  int take(byte[] bytes, int from, int to, long now) {
    int count = 0;
    for (int hit = MARKER.find(bytes, from, to);
        hit >= 0;
        hit = MARKER.find(bytes, hit + size, to)) {
      long number = Stamp.number(bytes, hit);
      if (number != next) {
        total.complain("publication %d came where %d was due".formatted(number, next));
      }
      next = number + 1;
      total.delivered++;
      count++;
      if (total.recording) {
        total.latency.record(now - Stamp.time(bytes, hit));
      }
    }
    return count;
  }
}
