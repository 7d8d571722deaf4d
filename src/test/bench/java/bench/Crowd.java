package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The readers of one channel, and what they have seen together. */
final class Crowd {
  private static final int OPENING = 100;

  private final Setup setup;
  private final String channel;
  final List<Reader> readers = new ArrayList<>();

  /** For each publisher, how many readers have seen each of the messages that are under way. */
  private final int[][] seen;

  final Histogram latency = new Histogram();

  /** While false, latency is not recorded. */
  boolean recording;

  long delivered;
  long completed;
  int ready;
  int gone;

  /** Deliveries that came twice or behind a later one; numbers that were left out. */
  long late;

  long missing;
  String trouble = "";

  /**
   * @param window how many messages may be under way, at most
   */
  Crowd(Setup setup, String channel, int window) {
    this.setup = setup;
    this.channel = channel;
    int slots = Integer.highestOneBit(Math.max(1, window)) << 1;
    this.seen = new int[setup.publisherCount()][slots];
  }

  /** Connects {@code count} more readers and waits until all are ready. */
  void open(int count, int receiveBuffer) {
    int before = readers.size();
    int[] opened = {0};
    setup.loop.between(
        now -> {
          while (opened[0] < count && before + opened[0] - ready - gone < OPENING) {
            opened[0]++;
            readers.add(new Reader(receiveBuffer));
          }
          return Loop.Between.NEVER;
        });
    boolean done = setup.loop.run(() -> ready == before + count || gone > 0, 30 + count / 100.0);
    setup.loop.between(now -> Loop.Between.NEVER);
    if (!done || gone > 0) {
      throw new Broken(
          "%d of %d readers became ready: %s".formatted(ready - before, count, trouble));
    }
  }

  /** Returns how many messages came in with deliveries and other things. */
  long frames() {
    return readers.stream().mapToLong(reader -> reader.socket.messages).sum();
  }

  long bytes() {
    return readers.stream().mapToLong(reader -> reader.socket.bytesRead).sum();
  }

  /** Returns whether nobody was dropped, and nothing came twice, late or never. */
  boolean isWell() {
    return gone == 0 && late == 0 && missing == 0 && trouble.isEmpty();
  }

  /** Cuts all connections. */
  void cut() {
    for (Reader reader : readers) {
      reader.socket.cut();
    }
  }

  /** Says that {@code publishers} will go on from where they are: nothing before is missed. */
  void from(List<Publisher> publishers) {
    for (Reader reader : readers) {
      for (int i = 0; i < reader.next.length; i++) {
        reader.next[i] = publishers.get(i).sent;
      }
    }
  }

  private void complain(String what) {
    if (trouble.isEmpty()) {
      trouble = what;
    }
  }

  /** One connection that listens. */
  final class Reader implements WebSocket.Listener {
    private static final Pattern MARKER = new Pattern("\"bench:");
    private static final Pattern OFFSET = new Pattern("\"offset\":");

    final WebSocket socket;
    private final long[] next = new long[seen.length];
    private boolean isReady;
    private long nextOffset;

    /** How many deliveries this one has got. */
    long count;

    private Reader(int receiveBuffer) {
      try {
        socket = new WebSocket(setup.loop, setup.target, receiveBuffer, this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void opened(WebSocket opened) {
      if (setup.dialect.opened(opened, channel)) {
        becomeReady();
      }
    }

    private void becomeReady() {
      isReady = true;
      ready++;
    }

    @Override
    public void closed(WebSocket closed, String why) {
      gone++;
      complain("a reader: " + why);
    }

    @Override
    public void message(WebSocket from, byte[] bytes, int start, int to, long now) {
      int at = start;
      int hit = MARKER.find(bytes, at, to);
      if (hit < 0) {
        control(new String(bytes, start, to - start, StandardCharsets.UTF_8));
        return;
      }
      while (hit >= 0) {
        int offset = OFFSET.find(bytes, at, hit);
        if (offset >= 0) {
          follow(Pattern.wholeNumber(bytes, offset + OFFSET.length()));
        }
        delivery(bytes, hit, now);
        at = hit + setup.size;
        hit = MARKER.find(bytes, at, to);
      }
    }

    private void delivery(byte[] bytes, int at, long now) {
      int publisher = Stamp.publisher(bytes, at);
      long number = Stamp.number(bytes, at);
      count++;
      delivered++;
      if (recording) {
        latency.record(now - Stamp.time(bytes, at));
      }
      if (number < next[publisher]) {
        late++;
        complain("message %d of publisher %d came twice or late".formatted(number, publisher));
        return;
      }
      if (number > next[publisher]) {
        missing += number - next[publisher];
        complain("messages before %d of publisher %d are missing".formatted(number, publisher));
      }
      next[publisher] = number + 1;
      int[] ring = seen[publisher];
      int slot = (int) number & (ring.length - 1);
      if (++ring[slot] >= readers.size()) {
        ring[slot] = 0;
        completed++;
      }
    }

    private void follow(long offset) {
      if (nextOffset > 0 && offset != nextOffset) {
        if (offset < nextOffset) {
          late++;
        }
        complain("offset %d came where %d was due".formatted(offset, nextOffset));
      }
      nextOffset = offset + 1;
    }

    private void control(String text) {
      switch (setup.dialect.message(socket, text)) {
        case READY -> {
          if (!isReady) {
            becomeReady();
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int offset = OFFSET.find(bytes, 0, bytes.length);
            nextOffset = offset < 0 ? 0 : Pattern.wholeNumber(bytes, offset + OFFSET.length()) + 1;
          }
        }
        case REFUSED -> complain("a reader was told " + text);
        default -> {}
      }
    }
  }
}
