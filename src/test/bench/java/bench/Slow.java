package bench;

/**
 * A few readers that take nothing, or little, among many who keep up: do these notice, and do those
 * get everything in the end?
 *
 * <p>First only the healthy ones read, then the slow ones are there as well, then these go on and
 * must catch up. A channel with history owes them everything, in order; it must keep as many
 * messages as are published while they are slow. One without owes it to the healthy ones only.
 */
final class Slow {
  private static final int SMALL_BUFFER = 4096;
  private static final double CATCH_UP_SECONDS = 60;
  private static final long TICK_NANOS = 50_000_000;

  private final Setup setup;
  private final String channel;
  private final int healthyCount;
  private final int slowCount;
  private final double rate;
  private final double duration;
  private final int slowRate;
  private final boolean lossless;
  private final Crowd healthy;
  private final Crowd slow;
  private final Pace pace;
  private boolean publishing;
  private boolean slowing;
  private long tickAt;

  Slow(Options options) {
    setup = new Setup(options);
    String run = Long.toString(System.currentTimeMillis(), 36);
    channel = options.text("channel", "room:bench-slow-" + run);
    lossless = !channel.startsWith("live:");
    healthyCount = options.whole("readers", 100);
    slowCount = options.whole("slow", 10);
    rate = options.number("rate", 60);
    duration = options.number("duration", 12);
    slowRate = options.whole("slow-rate", 0);
    setup.size = options.whole("size", 8192);
    options.finish();
    if (rate <= 0 || healthyCount < 1) {
      throw new Options.Mistake("--rate, --readers: expected more than 0");
    }
    healthy = new Crowd(setup, channel, 1 << 16);
    slow = new Crowd(setup, channel, 1 << 16);
    pace = new Pace(setup.publishers);
  }

  /** Runs; returns whether the healthy got everything, and the slow ones what they are owed. */
  boolean run() {
    Loop loop = setup.loop;
    healthy.open(healthyCount, 0);
    setup.connectPublishers(channel);
    phase(2); // to warm up
    phase(duration);
    Histogram alone = healthy.latency.copy();
    long rssBefore = setup.pid == 0 ? 0 : Proc.rssBytes(setup.pid);

    slow.open(slowCount, SMALL_BUFFER);
    slow.from(setup.publishers);
    long owed = pace.sent;
    for (Crowd.Reader reader : slow.readers) {
      reader.socket.readLimit = Math.max(1, slowRate / 20);
      reader.socket.reading(false);
    }
    slowing = slowRate > 0;
    phase(duration);
    slowing = false;
    owed = (pace.sent - owed) * slowCount;
    long behind = owed - slow.delivered;
    long rssAfter = setup.pid == 0 ? 0 : Proc.rssBytes(setup.pid);

    long resumed = Stamp.now();
    for (Crowd.Reader reader : slow.readers) {
      reader.socket.readLimit = 0;
      reader.socket.reading(true);
    }
    long all = owed;
    loop.run(() -> slow.delivered + slow.missing >= all || slow.gone > 0, CATCH_UP_SECONDS);
    double caughtUp = (Stamp.now() - resumed) / 1e9;
    boolean complete = slow.isWell() && slow.delivered == owed;
    boolean well = healthy.isWell() && (complete || !lossless) && slow.late == 0;
    String trouble =
        setup.trouble()
            + (healthy.isWell() ? "" : "healthy: " + healthy.trouble)
            + (well ? "" : " slow: " + slow.trouble);
    Report report = new Report().quiet("mode", "slow").add("label", "server", setup.label);
    report
        .add("readers", "healthy readers", healthyCount)
        .add("slow", "slow readers", slowCount)
        .add("slow_rate", "a slow one takes, bytes per second", slowRate)
        .add("offered", "publications per second", rate)
        .add("size", "bytes of each", setup.size)
        .add("alone_p50_ms", "healthy alone: latency p50, ms", alone.millis(0.5))
        .add("alone_p99_ms", "healthy alone: latency p99, ms", alone.millis(0.99))
        .add("alone_max_ms", "healthy alone: latency max, ms", alone.maxMillis())
        .add("p50_ms", "with slow ones: latency p50, ms", healthy.latency.millis(0.5))
        .add("p99_ms", "with slow ones: latency p99, ms", healthy.latency.millis(0.99))
        .add("max_ms", "with slow ones: latency max, ms", healthy.latency.maxMillis())
        .add("behind", "slow ones were behind by, messages in all", behind)
        .add("grown_mb", "the server grew meanwhile by, MB", (rssAfter - rssBefore) / 1e6)
        .add("caught_up_s", "then caught up within, s", caughtUp)
        .add("owed", "slow ones are owed", owed)
        .add("delivered", "slow ones got", slow.delivered)
        .add("missing", "slow ones miss", owed - slow.delivered)
        .add("late", "slow ones got twice or out of order", slow.late)
        .add("dropped", "slow ones closed by the server", slow.gone)
        .end(well, trouble, setup.table);
    loop.close();
    return well;
  }

  /** Publishes at the rate for a while, until the healthy ones have all of it. */
  private void phase(double seconds) {
    healthy.latency.clear();
    healthy.recording = true;
    pace.restart(Stamp.now());
    publishing = true;
    setup.loop.between(this::between);
    setup.loop.run(() -> healthy.gone > 0 || !setup.trouble().isEmpty(), seconds);
    publishing = false;
    setup.loop.run(() -> healthy.completed >= pace.sent || healthy.gone > 0, 10);
    healthy.recording = false;
  }

  private long between(long now) {
    long due = publishing ? pace.atRate(rate, now) : Loop.Between.NEVER;
    if (!slowing) {
      return due;
    }
    if (now - tickAt >= TICK_NANOS) {
      tickAt = now;
      for (Crowd.Reader reader : slow.readers) {
        reader.socket.reading(true); // until it has taken its share
      }
    }
    return Math.min(due, tickAt + TICK_NANOS);
  }
}
