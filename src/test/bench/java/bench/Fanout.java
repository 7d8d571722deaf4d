package bench;

/** Everybody reads one channel; how fast does it reach all of them, and what does it cost? */
final class Fanout {
  private static final double DRAIN_SECONDS = 10;
  private static final long STALL_NANOS = 5_000_000_000L;

  private final Setup setup;
  private final Crowd crowd;
  private final Meter meter;
  private final Pace pace;
  private final String channel;
  private final int readers;
  private final int window;
  private final double rate;
  private final double warmup;
  private final double duration;

  private boolean publishing;
  private boolean metering;
  private long progress;
  private long progressAt;

  Fanout(Options options) {
    setup = new Setup(options);
    channel = options.text("channel", "live:bench");
    readers = options.whole("readers", 1000);
    rate = options.number("rate", 0);
    window = options.whole("window", 16);
    warmup = options.number("warmup", 5);
    duration = options.number("duration", 5);
    options.finish();
    if (readers < 1 || window < 1) {
      throw new Options.Mistake("--readers, --window: expected at least 1");
    }
    crowd = new Crowd(setup, channel, rate > 0 ? 1 << 16 : window);
    meter = new Meter(setup.pid);
    pace = new Pace(setup.publishers);
  }

  /** Runs; returns whether everything arrived, once and in order. */
  boolean run() {
    crowd.open(readers, 0);
    setup.connectPublishers(channel);
    Loop loop = setup.loop;
    progressAt = Stamp.now();
    pace.restart(progressAt);
    publishing = true;
    loop.between(this::between);
    loop.run(this::isBroken, warmup);
    long delivered = crowd.delivered;
    long frames = crowd.frames();
    long bytes = crowd.bytes();
    crowd.recording = true;
    meter.start(Stamp.now(), crowd.delivered);
    metering = true;
    loop.run(this::isBroken, duration);
    metering = false;
    Meter.Result result = meter.finish(Stamp.now(), crowd.delivered);
    crowd.recording = false;
    delivered = crowd.delivered - delivered;
    frames = crowd.frames() - frames;
    bytes = crowd.bytes() - bytes;
    publishing = false;
    loop.run(() -> crowd.completed >= pace.sent || isBroken(), DRAIN_SECONDS);
    long lost = pace.sent * readers - crowd.delivered;
    boolean well = lost == 0 && crowd.isWell() && trouble().isEmpty();
    Report report = new Report().quiet("mode", "fanout").add("label", "server", setup.label);
    report.add("readers", "readers", readers);
    if (rate > 0) {
      report.add("offered", "publications per second, offered", rate);
    } else {
      report.add("in_flight", "in flight", window);
    }
    result.to(report, "deliveries", "delivery");
    report
        .add("p50_ms", "latency p50, ms", crowd.latency.millis(0.5))
        .add("p99_ms", "latency p99, ms", crowd.latency.millis(0.99))
        .add("max_ms", "latency max, ms", crowd.latency.maxMillis())
        .add("per_frame", "deliveries per frame", (double) delivered / Math.max(1, frames))
        .add("bytes", "bytes per delivery", (double) bytes / Math.max(1, delivered))
        .quiet("size", setup.size)
        .add("published", "published in all", pace.sent)
        .add("delivered", "delivered in all", crowd.delivered)
        .add("lost", "lost", lost)
        .add("late", "twice or out of order", crowd.late)
        .add("dropped", "connections dropped", crowd.gone)
        .end(well, trouble(), setup.table);
    loop.close();
    return well;
  }

  private boolean isBroken() {
    return crowd.gone > 0 || !trouble().isEmpty();
  }

  private String trouble() {
    return setup.trouble().isEmpty() ? crowd.trouble : setup.trouble();
  }

  private long between(long now) {
    long due = publishing ? publish(now) : Loop.Between.NEVER;
    return metering ? Math.min(due, meter.tick(now, crowd.delivered)) : due;
  }

  private long publish(long now) {
    if (rate > 0) {
      return pace.atRate(rate, now);
    }
    if (crowd.delivered != progress) {
      progress = crowd.delivered;
      progressAt = now;
    } else if (now - progressAt > STALL_NANOS && crowd.trouble.isEmpty()) {
      crowd.trouble = "nothing arrived for 5 s";
    }
    pace.window(window, crowd.completed);
    return Loop.Between.NEVER;
  }
}
