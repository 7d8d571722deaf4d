package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Nobody reads; how many publications per second are answered with {@code published}?
 *
 * <p>Each connection keeps its share of the window under way, on channels of its own, so that the
 * offsets it is told of a channel must rise by one with each publication.
 */
final class PublishMode {
  private static final Pattern RE = new Pattern("\"re\":");
  private static final Pattern OFFSET = new Pattern("\"offset\":");
  private static final long FIRST_ID = 1_000_000_000L;

  private final Setup setup;
  private final Meter meter;
  private final int window;
  private final int channels;
  private final double warmup;
  private final double duration;
  private final String prefix;
  private final Histogram latency = new Histogram();
  private final List<Writer> writers = new ArrayList<>();
  private boolean publishing = true;
  private boolean metering;
  private long answered;
  private String trouble = "";

  PublishMode(Options options) {
    setup = new Setup(options);
    meter = new Meter(setup.pid);
    window = options.whole("window", 64);
    channels = options.whole("channels", 1);
    warmup = options.number("warmup", 3);
    duration = options.number("duration", 5);
    String run = Long.toString(System.currentTimeMillis(), 36);
    prefix = options.text("channel", "room:bench-" + run);
    options.finish();
    if (window < setup.publisherCount() || channels < setup.publisherCount()) {
      throw new Options.Mistake("--window, --channels: expected at least one for each publisher");
    }
    if (!(setup.dialect instanceof Dialect.Superchat)) {
      throw new Options.Mistake("--dialect: publish needs superchat, which answers");
    }
  }

  /** Runs; returns whether everything was answered, with offsets that go on. */
  boolean run() {
    int count = setup.publisherCount();
    for (int i = 0; i < count; i++) {
      int share = channels / count + (i < channels % count ? 1 : 0);
      writers.add(new Writer(i, share, window / count));
    }
    Loop loop = setup.loop;
    loop.between(now -> metering ? meter.tick(now, answered) : Loop.Between.NEVER);
    loop.run(() -> !trouble.isEmpty(), warmup);
    meter.start(Stamp.now(), answered);
    metering = true;
    loop.run(() -> !trouble.isEmpty(), duration);
    metering = false;
    Meter.Result result = meter.finish(Stamp.now(), answered);
    publishing = false;
    loop.run(() -> !trouble.isEmpty() || unanswered() == 0, 10);
    long unanswered = unanswered();
    boolean well = trouble.isEmpty() && unanswered == 0 && answered > 0;
    Report report = new Report().quiet("mode", "publish").add("label", "server", setup.label);
    report
        .add("window", "in flight", window)
        .add("channels", "channels", channels)
        .add("publishers", "connections", count);
    result.to(report, "answered publications", "publication");
    report
        .add("p50_ms", "latency p50, ms", latency.millis(0.5))
        .add("p99_ms", "latency p99, ms", latency.millis(0.99))
        .add("max_ms", "latency max, ms", latency.maxMillis())
        .quiet("size", setup.size)
        .add("published", "answered in all", answered)
        .add("lost", "never answered", unanswered)
        .end(well, trouble, setup.table);
    loop.close();
    return well;
  }

  private long unanswered() {
    return writers.stream().mapToLong(writer -> writer.sent - writer.answers).sum();
  }

  private void complain(String what) {
    if (trouble.isEmpty()) {
      trouble = what;
    }
  }

  /** One connection that publishes. */
  private final class Writer implements WebSocket.Listener {
    private final WebSocket socket;
    private final int window;
    private final byte[][] templates;

    /** The offset that the next publication of each channel must get, once one is known. */
    private final long[] due;

    private final int idAt;
    private final int[] dataAt;
    private final int index;
    private final long[] sentAt;
    private long sent;
    private long answers;

    Writer(int index, int channels, int window) {
      this.index = index;
      this.window = window;
      this.templates = new byte[channels][];
      this.dataAt = new int[channels];
      this.due = new long[channels];
      this.sentAt = new long[Integer.highestOneBit(window) << 1];
      String id = String.valueOf(FIRST_ID);
      int at = 0;
      for (int i = 0; i < channels; i++) {
        String channel = prefix + "-" + index + "-" + i;
        String text = setup.dialect.publish(FIRST_ID, channel, Stamp.blank(setup.size));
        templates[i] = text.getBytes(StandardCharsets.UTF_8);
        dataAt[i] = text.indexOf("\"bench:0");
        at = text.indexOf(id);
      }
      idAt = at;
      try {
        socket = new WebSocket(setup.loop, setup.target, 0, this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void publish() {
      while (publishing && sent - answers < window) {
        long now = Stamp.now();
        int channel = (int) (sent % templates.length);
        byte[] message = templates[channel];
        Stamp.digits(message, idAt, 10, FIRST_ID + sent);
        Stamp.write(message, dataAt[channel], now, index, sent);
        sentAt[(int) sent & (sentAt.length - 1)] = now;
        sent++;
        socket.send(message, message.length);
      }
    }

    @Override
    public void opened(WebSocket opened) {
      setup.dialect.opened(opened, null);
    }

    @Override
    public void message(WebSocket from, byte[] bytes, int start, int to, long now) {
      int re = RE.find(bytes, start, to);
      int offset = re < 0 ? -1 : OFFSET.find(bytes, re, to);
      if (offset < 0) {
        String text = new String(bytes, start, to - start, StandardCharsets.UTF_8);
        switch (setup.dialect.message(from, text)) {
          case REFUSED -> complain("a publisher was told " + text);
          case READY -> publish();
          default -> {}
        }
        return;
      }
      while (re >= 0 && offset >= 0) {
        answer(
            Pattern.wholeNumber(bytes, re + RE.length()) - FIRST_ID,
            Pattern.wholeNumber(bytes, offset + OFFSET.length()),
            now);
        re = RE.find(bytes, offset, to);
        offset = re < 0 ? -1 : OFFSET.find(bytes, re, to);
      }
      publish();
    }

    private void answer(long number, long offset, long now) {
      int channel = (int) (number % templates.length);
      long before = number / templates.length;
      if (due[channel] == 0) {
        due[channel] = offset - before;
      }
      if (offset != due[channel] + before) {
        complain(
            "publication %d got offset %d, expected %d"
                .formatted(number, offset, due[channel] + before));
      }
      long at = sentAt[(int) number & (sentAt.length - 1)];
      answers++;
      answered++;
      if (metering) {
        latency.record(now - at);
      }
    }

    @Override
    public void closed(WebSocket closed, String why) {
      complain("a publisher: " + why);
    }
  }
}
