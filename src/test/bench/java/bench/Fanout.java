package bench;

import java.util.ArrayList;
import java.util.List;

/** Everybody reads one channel; how fast does it reach all of them, and what does it cost? */
final class Fanout {
  private static final double DRAIN_SECONDS = 10;
  private static final long STALL_NANOS = 5_000_000_000L;

  private final Loop loop = new Loop();
  private final Crowd crowd;
  private final Meter meter;
  private final List<Publisher> publishers = new ArrayList<>();
  private final int readers;
  private final int window;
  private final double rate;
  private final int size;
  private final double warmup;
  private final double duration;
  private final String label;
  private final boolean table;

  private boolean publishing;
  private boolean metering;
  private int turn;
  private long sent;
  private long started;
  private long progressAt;
  private long progress;
  private long writtenOff;

  Fanout(Options options) {
    Dialect dialect = Dialect.named(options.text("dialect", "superchat"));
    String host = options.text("host", "127.0.0.1");
    Target target =
        new Target(
            host,
            options.whole("port", 8080),
            options.text("path", "/chat"),
            options.text("subprotocol", dialect.subprotocol()));
    String channel = options.text("channel", "live:bench");
    readers = options.whole("readers", 1000);
    rate = options.number("rate", 0);
    window = options.whole("window", 16);
    size = options.whole("size", 128);
    warmup = options.number("warmup", 5);
    duration = options.number("duration", 5);
    label = options.text("label", dialect.subprotocol());
    table = !options.flag("json");
    meter = new Meter((long) options.number("pid", 0));
    String http = options.text("publish-http", "");
    String key = options.text("api-key", "");
    String publishPath = options.text("publish-path", target.path());
    int count = options.whole("publishers", http.isEmpty() ? 1 : 4);
    options.finish();
    if (readers < 1 || window < 1 || count < 1 || count > 999) {
      throw new Options.Mistake(
          "--readers, --window, --publishers: expected at least 1, at most 999 publishers");
    }
    int underWay = rate > 0 ? 1 << 16 : window;
    crowd = new Crowd(loop, target, dialect, channel, count, size, underWay);
    for (int i = 0; i < count; i++) {
      publishers.add(
          http.isEmpty()
              ? new Publisher.OverWebSocket(i, loop, target.at(publishPath), dialect, channel, size)
              : new Publisher.OverHttp(
                  i,
                  loop,
                  target.at(http),
                  key.isEmpty() ? "" : "Bearer " + key,
                  key.isEmpty()
                      ? Stamp.blank(size)
                      : "{\"channel\":\"" + channel + "\",\"data\":" + Stamp.blank(size) + "}"));
    }
  }

  /** Runs; returns whether everything arrived, once and in order. */
  boolean run() {
    crowd.open(readers, 0);
    if (!loop.run(
            () -> publishers.stream().allMatch(Publisher::isReady) || !trouble().isEmpty(), 10)
        || !trouble().isEmpty()) {
      throw new IllegalStateException("publishers did not become ready: " + trouble());
    }
    started = Stamp.now();
    progressAt = started;
    publishing = true;
    loop.between(this::between);
    loop.run(this::isBroken, warmup);
    long deliveredBefore = crowd.delivered;
    long framesBefore = crowd.frames();
    long bytesBefore = crowd.bytes();
    crowd.recording = true;
    meter.start(Stamp.now(), crowd.delivered);
    metering = true;
    loop.run(this::isBroken, duration);
    metering = false;
    Meter.Result result = meter.finish(Stamp.now(), crowd.delivered);
    crowd.recording = false;
    long delivered = crowd.delivered - deliveredBefore;
    long frames = crowd.frames() - framesBefore;
    long bytes = crowd.bytes() - bytesBefore;
    publishing = false;
    loop.run(() -> crowd.completed + writtenOff >= sent || crowd.gone > 0, DRAIN_SECONDS);
    long lost = sent * readers - crowd.delivered;
    boolean well =
        lost == 0
            && crowd.late == 0
            && crowd.missing == 0
            && crowd.gone == 0
            && trouble().isEmpty()
            && writtenOff == 0;
    new Report()
        .quiet("mode", "fanout")
        .add("label", "against", label)
        .add("readers", "readers", readers)
        .add(
            rate > 0 ? "publish_rate" : "in_flight",
            rate > 0 ? "publications per second, offered" : "in flight",
            rate > 0 ? rate : (double) window)
        .quiet("size", size)
        .quiet("seconds", result.seconds())
        .quiet("rate_all", result.rate())
        .quiet("cpu_us_all", result.cpuMicros())
        .add("rate", "deliveries per second", result.quietRate())
        .add("cpu_us", "server CPU, µs per delivery", result.quietCpuMicros())
        .add("server_cpu", "server CPU, % of a core", result.serverPercent())
        .add("load_cpu", "this generator's CPU, % of a core", result.selfPercent())
        .add("p50_ms", "latency p50, ms", crowd.latency.millis(0.5))
        .add("p99_ms", "latency p99, ms", crowd.latency.millis(0.99))
        .add("max_ms", "latency max, ms", crowd.latency.maxMillis())
        .add("per_frame", "deliveries per frame", frames == 0 ? 0 : (double) delivered / frames)
        .add("bytes", "bytes per delivery", delivered == 0 ? 0 : (double) bytes / delivered)
        .add("published", "published in all", sent)
        .add("delivered", "delivered in all", crowd.delivered)
        .add("lost", "lost", lost)
        .add("late", "twice or out of order", crowd.late)
        .add("dropped", "connections dropped", crowd.gone)
        .add("other_cpu", "other processes, % of the machine", result.otherPercent())
        .add("quiet_laps", "quiet laps of " + result.laps(), result.quietLaps())
        .quiet("laps", result.laps())
        .quiet("ok", well)
        .quiet("trouble", trouble())
        .print(table);
    if (!well) {
      System.err.println("load: " + (trouble().isEmpty() ? lost + " lost" : trouble()));
    }
    loop.close();
    return well;
  }

  private boolean isBroken() {
    return crowd.gone > 0 || !trouble().isEmpty();
  }

  private String trouble() {
    for (Publisher publisher : publishers) {
      if (!publisher.trouble.isEmpty()) {
        return publisher.trouble;
      }
    }
    return crowd.trouble;
  }

  private long between(long now) {
    long due = publishing ? publish(now) : Loop.Between.NEVER;
    return metering ? Math.min(due, meter.tick(now, crowd.delivered)) : due;
  }

  private long publish(long now) {
    if (rate > 0) {
      long due = dueAt(sent);
      while (due <= now && publishOne(due)) {
        due = dueAt(sent);
      }
      return Math.max(due, now);
    }
    if (crowd.delivered != progress) {
      progress = crowd.delivered;
      progressAt = now;
    } else if (now - progressAt > STALL_NANOS) {
      writtenOff = sent - crowd.completed;
      crowd.writeOff();
      crowd.trouble = "nothing arrived for 5 s";
    }
    while (sent - crowd.completed - writtenOff < window && publishOne(Stamp.now())) {
      // As many as may be under way.
    }
    return Loop.Between.NEVER;
  }

  private long dueAt(long number) {
    return started + (long) (number * 1e9 / rate);
  }

  private boolean publishOne(long time) {
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
