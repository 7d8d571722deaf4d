package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Many connections that say nothing; how much memory does the server take for each? */
final class Idle {
  private static final int TRIAL = 200;

  private final Setup setup;
  private final String channel;
  private final int connections;
  private final double hold;
  private final boolean gc;

  Idle(Options options) {
    setup = new Setup(options);
    channel = options.text("channel", "live:bench");
    connections = options.whole("connections", 5000);
    hold = options.number("hold", 3);
    gc = options.flag("gc");
    options.finish();
    if (setup.pid == 0 || connections < 1) {
      throw new Options.Mistake("--pid, --connections: expected the server's process, at least 1");
    }
  }

  /** What a process takes: resident bytes, and bytes of live objects where they were counted. */
  private record Memory(long resident, long live) {}

  /** Runs; returns whether all connections stayed, and each heard what was published at the end. */
  boolean run() {
    Crowd trial = new Crowd(setup, channel, 16); // so that what all need is there before
    trial.open(TRIAL, 0);
    setup.loop.run(1);
    trial.cut();
    setup.loop.run(2);
    Memory before = measure();
    Crowd crowd = new Crowd(setup, channel, 16);
    crowd.open(connections, 0);
    setup.loop.run(hold);
    Memory after = measure();
    setup.connectPublishers(channel);
    setup.publishers.get(0).publish(Stamp.now());
    setup.loop.run(() -> crowd.completed > 0, 10);
    boolean well = crowd.isWell() && crowd.delivered == connections;
    Report report = new Report().quiet("mode", "idle").add("label", "server", setup.label);
    report
        .add("connections", "connections", connections)
        .add("rss_before", "resident before, MB", before.resident / 1e6)
        .add("rss_after", "resident after, MB", after.resident / 1e6)
        .add("rss_kb", "resident per connection, KB", each(before.resident, after.resident));
    if (gc) {
      report.add("live_kb", "live objects per connection, KB", each(before.live, after.live));
    }
    report
        .add("delivered", "heard a publication after that", crowd.delivered)
        .end(well, crowd.trouble, setup.table);
    setup.loop.close();
    return well;
  }

  private double each(long before, long after) {
    return (after - before) / 1024.0 / connections;
  }

  private Memory measure() {
    if (!gc) {
      return new Memory(Proc.rssBytes(setup.pid), 0);
    }
    jcmd("GC.run");
    long live = liveBytes(jcmd("GC.class_histogram"));
    setup.loop.run(0.5);
    return new Memory(Proc.rssBytes(setup.pid), live);
  }

  /** Reads the last line of a histogram: {@code Total <instances> <bytes>}. */
  private static long liveBytes(String histogram) {
    String total = histogram.substring(histogram.lastIndexOf("Total")).trim();
    return Long.parseLong(total.split("\\s+")[2]);
  }

  private String jcmd(String command) {
    try {
      Process process =
          new ProcessBuilder(List.of("jcmd", String.valueOf(setup.pid), command))
              .redirectErrorStream(true)
              .start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      if (process.waitFor() != 0) {
        throw new Broken("jcmd " + command + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new Options.Mistake("--gc: expected jcmd of a JDK on the path, " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
