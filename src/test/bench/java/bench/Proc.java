package bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What Linux counts for processes, in {@code /proc}. Times have a resolution of 10 ms. */
final class Proc {
  private static final double TICKS_PER_SECOND = 100; // USER_HZ, on every Linux that matters

  private Proc() {}

  /** CPU seconds that a process has used, by itself and in the kernel. */
  static double cpuSeconds(long pid) {
    String stat = read("/proc/" + pid + "/stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /**
   * CPU seconds of each thread of a process, finer than 10 ms: of those that ended meanwhile, it
   * says nothing.
   */
  static Map<String, Double> threadSeconds(long pid) {
    Map<String, Double> seconds = new HashMap<>();
    String[] threads = new File("/proc/" + pid + "/task").list();
    if (threads == null) {
      throw new Broken("/proc/" + pid + "/task: is the process gone?");
    }
    for (String thread : threads) {
      try {
        Path path = Path.of("/proc/" + pid + "/task/" + thread + "/schedstat");
        seconds.put(thread, Long.parseLong(Files.readString(path).split(" ")[0]) / 1e9);
      } catch (IOException e) {
        // It has just ended.
      }
    }
    return seconds;
  }

  /** CPU seconds that anything has used on this machine, all cores together. */
  static double busySeconds() {
    String stat = read("/proc/stat");
    String[] fields = stat.substring(0, stat.indexOf('\n')).trim().split(" +");
    long busy = 0;
    for (int i = 1; i < Math.min(fields.length, 9); i++) {
      boolean waiting = i == 4 || i == 5; // idle, iowait
      busy += waiting ? 0 : Long.parseLong(fields[i]);
    }
    return busy / TICKS_PER_SECOND;
  }

  /** How many cores the machine has. */
  static int cores() {
    return (int) read("/proc/stat").lines().filter(line -> line.matches("cpu[0-9].*")).count();
  }

  /** Resident memory of a process, in bytes. */
  static long rssBytes(long pid) {
    return read("/proc/" + pid + "/status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      throw new Broken(path + ": is the process gone?");
    }
  }
}
