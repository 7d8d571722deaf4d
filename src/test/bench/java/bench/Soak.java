package bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Clients whose connections are cut and a server that is killed, and at the end the proof: each
 * publication that was answered reached every client once and in order, offsets have no holes, and
 * what was not answered came once at most.
 *
 * <p>What is random comes from the seed; when things happen depends on the machine as well.
 */
final class Soak {
  private static final String API_KEY = "soak";
  private static final double SETTLE_SECONDS = 90;
  private static final long TICK_NANOS = 10_000_000;
  private static final int MAX_DOWN_SECONDS = 5;

  private final Loop loop = new Loop();
  private final SoakLog.Failures failures = new SoakLog.Failures();
  private final SoakClient.Counts counts = new SoakClient.Counts();
  private final Map<String, SoakLog> logs = new LinkedHashMap<>();
  private final List<SoakClient> clients = new ArrayList<>();
  private final List<SoakWriter> writers = new ArrayList<>();
  private final SplittableRandom random;
  private final long seed;
  private final double minutes;
  private final int kills;
  private final double rate;
  private final double cutEvery;
  private final ServerProcess server;

  private boolean working = true;
  private boolean cutting = true;
  private long startAt = Long.MAX_VALUE;
  private long publishAt;
  private long cutAt;
  private int killed;

  Soak(Options options) {
    seed = (long) options.number("seed", System.nanoTime() & 0xffffff);
    random = new SplittableRandom(seed);
    minutes = options.number("minutes", 10);
    kills = options.whole("kills", 3);
    rate = options.number("rate", 100);
    cutEvery = options.number("cut-every", 20);
    int count = options.whole("clients", 200);
    int channelCount = options.whole("channels", 8);
    int subscriptions = Math.min(channelCount, options.whole("subscriptions", 3));
    int writerCount = options.whole("writers", 8);
    int port = options.whole("port", 18430);
    Path home = Path.of(options.text("home", "target/bench/home/soak"));
    String war = options.text("war", "target/switchboard.war");
    String java =
        options.text("java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    options.finish();
    if (rate <= 0 || cutEvery <= 0 || count < 1 || subscriptions < 1) {
      throw new Options.Mistake(
          "--rate, --cut-every, --clients, --subscriptions: expected more than 0");
    }
    empty(home);
    File log = new File("target/bench/soak-server.log");
    server =
        new ServerProcess(
            java,
            war,
            port,
            log,
            Map.of("SWITCHBOARD_HOME", home.toString(), "SWITCHBOARD_API_KEY", API_KEY));
    Target target = new Target("127.0.0.1", port, "/chat", "superchat");
    for (int i = 0; i < channelCount; i++) {
      String channel = "room:soak-" + i;
      logs.put(channel, new SoakLog(channel, failures));
    }
    List<String> channels = new ArrayList<>(logs.keySet());
    for (int i = 0; i < count; i++) {
      List<String> mine = new ArrayList<>();
      for (int s = 0, first = random.nextInt(channelCount); s < subscriptions; s++) {
        mine.add(channels.get((first + s) % channelCount));
      }
      clients.add(
          new SoakClient("c" + i, loop, target, logs, mine, counts, failures, random.split()));
    }
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    for (int i = 0; i < writerCount; i++) {
      writers.add(
          new SoakWriter("w" + i, http, target.at("/api/publish"), API_KEY, logs, failures));
    }
  }

  /** Runs; returns whether nothing was lost, doubled or out of order. */
  boolean run() throws InterruptedException {
    System.out.printf(
        "soak: seed %d, %d clients, %.1f minutes, %d kills of the server%n",
        seed, clients.size(), minutes, kills);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    server.start();
    server.await();
    publishAt = Stamp.now();
    cutAt = publishAt;
    loop.between(this::between);
    working = false;
    cutting = false;
    if (!loop.run(() -> clients.stream().allMatch(SoakClient::isConnected), SETTLE_SECONDS)) {
      failures.add("not all clients became connected");
    }
    working = true;
    cutting = true;
    publishAt = Stamp.now();
    cutAt = publishAt;
    double part = minutes * 60 / (kills + 1);
    for (int i = 0; i <= kills; i++) {
      double early = i < kills ? random.nextDouble() * part / 4 : 0;
      loop.run(part - early);
      if (i < kills) {
        kill();
        loop.run(early);
      }
    }
    settle();
    server.close();
    return report();
  }

  private void kill() {
    server.kill();
    killed++;
    double down = random.nextDouble() * MAX_DOWN_SECONDS;
    System.out.printf("soak: killed the server; it stays away for %.1f s%n", down);
    startAt = Stamp.now() + (long) (down * 1e9);
  }

  /** Lets everybody come back and everything arrive. */
  private void settle() {
    cutting = false;
    working = false;
    boolean settled =
        loop.run(
            () ->
                writers.stream().noneMatch(SoakWriter::isBusy)
                    && clients.stream().noneMatch(SoakClient::hasUnanswered)
                    && clients.stream().allMatch(SoakClient::isUpToDate),
            SETTLE_SECONDS);
    loop.run(2); // and nothing comes after that
    for (SoakClient client : clients) {
      if (!settled || !client.isUpToDate()) {
        if (!client.isUpToDate()) {
          failures.add("did not get everything: " + client.state());
        }
      }
    }
    logs.values().forEach(SoakLog::check);
  }

  private boolean report() {
    boolean well = failures.count == 0 && counts.answered > 0;
    SoakWriter first = writers.isEmpty() ? null : writers.get(0);
    if (first != null && first.unsupported) {
      System.out.println("soak: POST /api/publish knows no keys here: nothing was retried by key");
    }
    new Report()
        .quiet("mode", "soak")
        .quiet("label", "seed " + seed)
        .add("seed", "seed", seed)
        .add("clients", "clients", clients.size())
        .add("minutes", "minutes", minutes)
        .add("kills", "kills of the server", killed)
        .add("cuts", "connections cut", counts.cuts)
        .add("connects", "connects", counts.connects)
        .add("recoveries", "channels recovered", counts.recoveries)
        .add("published", "published by clients", counts.published)
        .add("answered", "  of them answered", counts.answered)
        .add("refused", "  of them refused for now", counts.refused)
        .add("keyed", "published by applications, with keys", sum(writers, w -> w.published))
        .add("keyed_answered", "  of them answered", sum(writers, w -> w.answered))
        .add("repeated", "  repeated until answered", sum(writers, w -> w.repeated))
        .add("duplicates", "  known to the server already", sum(writers, w -> w.duplicates))
        .add("kept", "publications in the logs", sum(List.copyOf(logs.values()), SoakLog::known))
        .add("delivered", "delivered live", counts.delivered)
        .add("recovered", "delivered by recovery", counts.recovered)
        .add("failures", "failures", failures.count)
        .end(well, failures.first.isEmpty() ? "" : failures.first.get(0), true);
    return well;
  }

  private static <T> long sum(List<T> of, java.util.function.ToLongFunction<T> what) {
    return of.stream().mapToLong(what).sum();
  }

  private long between(long now) {
    if (now >= startAt) {
      startAt = Long.MAX_VALUE;
      server.start();
    } else if (startAt == Long.MAX_VALUE && !server.isAlive()) {
      throw new Broken("the server ended by itself, see target/bench/soak-server.log");
    }
    clients.forEach(client -> client.tick(now));
    writers.forEach(writer -> writer.tick(now));
    while (cutting && cutAt <= now) {
      clients.get(random.nextInt(clients.size())).cut();
      cutAt += wait(clients.size() / cutEvery);
    }
    while (working && publishAt <= now) {
      publishSomething();
      publishAt += wait(rate);
    }
    return now + TICK_NANOS;
  }

  /** Returns nanoseconds to the next of something that happens so often per second, at random. */
  private long wait(double perSecond) {
    return (long) (-Math.log(1 - random.nextDouble()) * 1e9 / perSecond);
  }

  private void publishSomething() {
    if (!writers.isEmpty() && random.nextInt(4) == 0) {
      SoakWriter writer = writers.get(random.nextInt(writers.size()));
      if (!writer.isBusy() && !writer.unsupported) {
        List<String> channels = List.copyOf(logs.keySet());
        writer.publish(channels.get(random.nextInt(channels.size())));
      }
      return;
    }
    SoakClient client = clients.get(random.nextInt(clients.size()));
    if (client.isConnected()) {
      client.publish();
    }
  }

  private static void empty(Path folder) {
    try {
      if (Files.exists(folder)) {
        try (Stream<Path> walk = Files.walk(folder)) {
          for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
