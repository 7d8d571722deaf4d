package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Some clients read one channel over one transport: what does a message cost? */
final class Transports {
  private static final double SETTLE_SECONDS = 3;
  private static final double DRAIN_SECONDS = 30;

  /** What has been counted up to a moment. */
  private record Counters(
      long at,
      long delivered,
      long requests,
      long read,
      long written,
      Map<String, Double> threads,
      double server,
      double self,
      double busy) {}

  private final String transport;
  private final Setup setup;
  private final Inbox.Total total = new Inbox.Total();
  private final List<Listening> clients = new ArrayList<>();
  private final Pace pace;
  private final int count;
  private final double rate;
  private final double idle;
  private final double warmup;
  private final double warmupRate;
  private final double duration;
  private final Listening.Setting setting;
  private double publishRate;

  Transports(Options options) {
    setup = new Setup(options);
    transport = options.text("transport", "websocket");
    count = options.whole("clients", 100);
    rate = options.number("rate", 1);
    idle = options.number("idle", 5);
    warmup = options.number("warmup", 5);
    warmupRate = options.number("warmup-rate", 50);
    duration = options.number("duration", 25);
    String channel = options.text("channel", "live:bench");
    setting =
        new Listening.Setting(
            setup.loop,
            setup.target,
            channel,
            setup.size,
            (long) (options.number("interval", 1) * 1e9),
            total);
    options.finish();
    if (count < 1 || rate <= 0 || setup.pid == 0 || setup.publisherCount() != 1) {
      throw new Options.Mistake(
          "--clients, --rate, --pid: expected more than 0; --publishers: expected 1");
    }
    pace = new Pace(setup.publishers);
  }

  /** Runs; returns whether everybody got everything, once and in order. */
  boolean run() {
    Loop loop = setup.loop;
    Counters idleFrom = counters();
    loop.run(idle);
    Counters idleTo = counters();
    double idleCpu = cpu(idleFrom, idleTo) / seconds(idleFrom, idleTo);

    for (int i = 0; i < count; i++) {
      clients.add(Listening.of(transport, setting, (double) i / count));
    }
    loop.between(this::between);
    if (!loop.run(() -> clients.stream().allMatch(c -> c.ready) || isBroken(), 30) || isBroken()) {
      throw new Broken("not all clients became ready: " + trouble());
    }
    setup.connectPublishers(setting.channel());
    publish(warmupRate, warmup);
    publish(rate, SETTLE_SECONDS);
    Counters from = counters();
    total.recording = true;
    loop.run(this::isBroken, duration);
    total.recording = false;
    Counters to = counters();
    publishRate = 0;
    loop.run(() -> total.delivered >= pace.sent * count || isBroken(), DRAIN_SECONDS);
    long lost = pace.sent * count - total.delivered;
    String trouble = trouble();
    clients.forEach(Listening::leave);
    loop.run(() -> clients.stream().allMatch(Listening::hasLeft), 10);

    double messages = Math.max(1, to.delivered - from.delivered);
    double seconds = seconds(from, to);
    double cpu = cpu(from, to);
    double other = to.busy - from.busy - (to.server - from.server) - (to.self - from.self);
    boolean well = lost == 0 && trouble.isEmpty();
    new Report()
        .quiet("mode", "transports")
        .add("label", "transport", transport)
        .add("clients", "clients", count)
        .add("rate", "publications per second", rate)
        .quiet("seconds", seconds)
        .add("messages", "messages, all clients together", to.delivered - from.delivered)
        .add("requests", "requests per message", (to.requests - from.requests) / messages)
        .add("bytes_up", "bytes per message, to the server", (to.written - from.written) / messages)
        .add("bytes_down", "bytes per message, from the server", (to.read - from.read) / messages)
        .add("p50_ms", "latency p50, ms", total.latency.millis(0.5))
        .add("p99_ms", "latency p99, ms", total.latency.millis(0.99))
        .add("idle_cpu", "server CPU with no client, % of a core", idleCpu * 100)
        .add("server_cpu", "server CPU, % of a core", cpu / seconds * 100)
        .add(
            "cpu_us",
            "server CPU beyond that, µs per message",
            (cpu - idleCpu * seconds) / messages * 1e6)
        .quiet("cpu_us_ticks", (to.server - from.server - idleCpu * seconds) / messages * 1e6)
        .add("load_cpu", "this generator's CPU, % of a core", (to.self - from.self) / seconds * 100)
        .add(
            "other_cpu",
            "other processes, % of the machine",
            Math.max(0, other) / seconds / Proc.cores() * 100)
        .add("lost", "lost", lost)
        .end(well, trouble, setup.table);
    loop.close();
    return well;
  }

  private void publish(double perSecond, double seconds) {
    publishRate = perSecond;
    pace.restart(Stamp.now());
    setup.loop.run(this::isBroken, seconds);
  }

  private long between(long now) {
    long due = publishRate > 0 ? pace.atRate(publishRate, now) : Loop.Between.NEVER;
    for (Listening client : clients) {
      due = Math.min(due, client.tick(now));
    }
    return due;
  }

  private boolean isBroken() {
    return !trouble().isEmpty();
  }

  private String trouble() {
    return setup.trouble().isEmpty() ? total.trouble : setup.trouble();
  }

  private Counters counters() {
    return new Counters(
        Stamp.now(),
        total.delivered,
        clients.stream().mapToLong(Listening::requests).sum(),
        clients.stream().mapToLong(Listening::bytesRead).sum(),
        clients.stream().mapToLong(Listening::bytesWritten).sum(),
        Proc.threadSeconds(setup.pid),
        Proc.cpuSeconds(setup.pid),
        Proc.cpuSeconds(ProcessHandle.current().pid()),
        Proc.busySeconds());
  }

  private static double seconds(Counters from, Counters to) {
    return (to.at - from.at) / 1e9;
  }

  /** CPU seconds of the server, thread by thread: at low rates 10 ms are too coarse. */
  private static double cpu(Counters from, Counters to) {
    double seconds = 0;
    for (Map.Entry<String, Double> thread : to.threads.entrySet()) {
      seconds += thread.getValue() - from.threads.getOrDefault(thread.getKey(), 0.0);
    }
    return seconds;
  }
}
