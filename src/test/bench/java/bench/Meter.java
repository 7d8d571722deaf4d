package bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures what a server does while deliveries arrive, in laps of half a second.
 *
 * <p>Laps in which other processes took more than {@value #QUIET_PERCENT} % of the machine are
 * loud. Medians are taken over quiet laps, or over all where fewer than three were quiet.
 */
final class Meter {
  static final double QUIET_PERCENT = 8;
  private static final long LAP_NANOS = 500_000_000;

  private record Lap(double seconds, long deliveries, double cpu, double self, double other) {
    double rate() {
      return deliveries / seconds;
    }

    double cpuMicros() {
      return deliveries == 0 ? 0 : cpu * 1e6 / deliveries;
    }
  }

  /**
   * What came out: rates per second, CPU in microseconds and in percent of one core, and how much
   * of the whole machine others took.
   */
  record Result(
      double seconds,
      double rate,
      double cpuMicros,
      double quietRate,
      double quietCpuMicros,
      int laps,
      int quietLaps,
      double serverPercent,
      double selfPercent,
      double otherPercent) {
    /**
     * Adds them to a report.
     *
     * @param many what was counted, such as {@code deliveries}
     * @param one the same, one of it
     */
    void to(Report report, String many, String one) {
      report
          .quiet("seconds", seconds)
          .quiet("rate_all", rate)
          .quiet("cpu_us_all", cpuMicros)
          .add("rate", many + " per second", quietRate)
          .add("cpu_us", "server CPU, µs per " + one, quietCpuMicros)
          .add("server_cpu", "server CPU, % of a core", serverPercent)
          .add("load_cpu", "this generator's CPU, % of a core", selfPercent)
          .add("other_cpu", "other processes, % of the machine", otherPercent)
          .add("quiet_laps", "quiet laps of " + laps, quietLaps)
          .quiet("laps", laps);
    }
  }

  private final long server;
  private final long self = ProcessHandle.current().pid();
  private final int cores = Proc.cores(); // of the machine, not those this process is pinned to
  private final List<Lap> laps = new ArrayList<>();
  private long lapStart;
  private long lapDeliveries;
  private double serverCpu;
  private double selfCpu;
  private double busy;

  /**
   * @param server its process; 0 if it is not known, and its CPU neither
   */
  Meter(long server) {
    this.server = server;
  }

  void start(long now, long deliveries) {
    laps.clear();
    lapStart = now;
    lapDeliveries = deliveries;
    serverCpu = server == 0 ? 0 : Proc.cpuSeconds(server);
    selfCpu = Proc.cpuSeconds(self);
    busy = Proc.busySeconds();
  }

  /** Ends a lap if it is time; returns when the next call is due. */
  long tick(long now, long deliveries) {
    if (now - lapStart >= LAP_NANOS) {
      lap(now, deliveries);
    }
    return lapStart + LAP_NANOS;
  }

  private void lap(long now, long deliveries) {
    double serverNow = server == 0 ? 0 : Proc.cpuSeconds(server);
    double selfNow = Proc.cpuSeconds(self);
    double busyNow = Proc.busySeconds();
    double seconds = (now - lapStart) / 1e9;
    double other = busyNow - busy - (serverNow - serverCpu) - (selfNow - selfCpu);
    laps.add(
        new Lap(
            seconds,
            deliveries - lapDeliveries,
            serverNow - serverCpu,
            selfNow - selfCpu,
            Math.max(0, other)));
    lapStart = now;
    lapDeliveries = deliveries;
    serverCpu = serverNow;
    selfCpu = selfNow;
    busy = busyNow;
  }

  Result finish(long now, long deliveries) {
    if (laps.isEmpty() || now - lapStart > LAP_NANOS / 2) {
      lap(now, deliveries);
    }
    double seconds = laps.stream().mapToDouble(Lap::seconds).sum();
    double total = laps.stream().mapToLong(Lap::deliveries).sum();
    double cpu = laps.stream().mapToDouble(Lap::cpu).sum();
    double other = laps.stream().mapToDouble(Lap::other).sum();
    List<Lap> quiet =
        laps.stream().filter(lap -> percent(lap.other, lap.seconds) < QUIET_PERCENT).toList();
    List<Lap> best = quiet.size() < 3 ? laps : quiet;
    return new Result(
        seconds,
        total / seconds,
        total == 0 ? 0 : cpu * 1e6 / total,
        median(best.stream().mapToDouble(Lap::rate).toArray()),
        median(best.stream().mapToDouble(Lap::cpuMicros).toArray()),
        laps.size(),
        quiet.size(),
        cpu * 100 / seconds,
        laps.stream().mapToDouble(Lap::self).sum() * 100 / seconds,
        percent(other, seconds));
  }

  private double percent(double cpu, double seconds) {
    return cpu * 100 / seconds / cores;
  }

  static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
