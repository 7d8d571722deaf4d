package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;

/** Medians of several rounds of {@code fanout}, server beside server, and their ratios. */
final class Summary {
  private static final java.util.regex.Pattern FIELD =
      java.util.regex.Pattern.compile("\"(\\w+)\":(\"[^\"]*\"|[^,}]*)");

  private record Case(int readers, int inFlight) {}

  private final List<Map<String, String>> rounds = new ArrayList<>();

  /**
   * @param file a line of JSON for each run, as {@code fanout} prints it
   */
  Summary(String file) {
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher matcher = FIELD.matcher(line);
        while (matcher.find()) {
          fields.put(matcher.group(1), matcher.group(2).replace("\"", ""));
        }
        if ("fanout".equals(fields.get("mode")) && fields.containsKey("in_flight")) {
          rounds.add(fields);
        }
      }
    } catch (IOException e) {
      throw new Options.Mistake(file + ": expected a file that can be read, " + e.getMessage());
    }
  }

  /**
   * Prints a table for each case; ratios are to the first server. Returns whether all went well.
   */
  boolean print() {
    Set<Case> cases = new LinkedHashSet<>();
    Set<String> servers = new LinkedHashSet<>();
    for (Map<String, String> round : rounds) {
      cases.add(
          new Case(
              Integer.parseInt(round.get("readers")), Integer.parseInt(round.get("in_flight"))));
      servers.add(round.get("label"));
    }
    for (Case one : cases) {
      System.out.printf(
          Locale.ROOT,
          "%n%,d readers, %d in flight%n  %-22s %14s %8s %8s %8s %10s %9s %8s%n",
          one.readers,
          one.inFlight,
          "",
          "deliveries/s",
          "ratio",
          "CPU µs",
          "ratio",
          "p50 ms",
          "p99 ms",
          "others");
      double firstRate = 0;
      double firstCpu = 0;
      for (String server : servers) {
        List<Map<String, String>> of = of(one, server);
        if (of.isEmpty()) {
          continue;
        }
        double rate = median(of, "rate");
        double cpu = median(of, "cpu_us");
        firstRate = firstRate == 0 ? rate : firstRate;
        firstCpu = firstCpu == 0 ? cpu : firstCpu;
        System.out.printf(
            Locale.ROOT,
            "  %-22s %,14.0f %8.2f %8.2f %8.2f %10.1f %9.1f %6.0f %%%s%n",
            server,
            rate,
            rate / firstRate,
            cpu,
            cpu / firstCpu,
            median(of, "p50_ms"),
            median(of, "p99_ms"),
            median(of, "other_cpu"),
            wellIn(of) ? "" : "  FAILED: " + troubleIn(of));
      }
    }
    double other = rounds.isEmpty() ? 0 : median(rounds, "other_cpu");
    System.out.printf(
        Locale.ROOT,
        "%nOther processes took %.0f %% of this machine (median of %d runs).%s%n",
        other,
        rounds.size(),
        other < Meter.QUIET_PERCENT
            ? ""
            : " It was not calm: rates are too low, CPU per delivery and ratios hold better.");
    String ours = rounds.isEmpty() ? "" : rounds.get(0).get("label");
    return !rounds.isEmpty()
        && wellIn(rounds.stream().filter(r -> r.get("label").startsWith(ours)).toList());
  }

  private List<Map<String, String>> of(Case one, String server) {
    return rounds.stream()
        .filter(round -> round.get("label").equals(server))
        .filter(round -> round.get("readers").equals(String.valueOf(one.readers)))
        .filter(round -> round.get("in_flight").equals(String.valueOf(one.inFlight)))
        .toList();
  }

  private static double median(List<Map<String, String>> rounds, String field) {
    return Meter.median(
        rounds.stream().mapToDouble(round -> Double.parseDouble(round.get(field))).toArray());
  }

  private static boolean wellIn(List<Map<String, String>> rounds) {
    return rounds.stream().allMatch(round -> round.get("ok").equals("true"));
  }

  private static String troubleIn(List<Map<String, String>> rounds) {
    return rounds.stream()
        .filter(round -> !round.get("ok").equals("true"))
        .findFirst()
        .map(round -> round.get("trouble") + ", lost " + round.get("lost"))
        .orElse("");
  }
}
