package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Medians of several rounds of {@code transports}, as a table. */
final class TransportsSummary {
  private final List<Map<String, Object>> rounds = new ArrayList<>();

  /**
   * @param file a line of JSON for each run, as {@code transports} prints it
   */
  TransportsSummary(String file) {
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        rounds.addAll(Json.objects(Json.read(line)));
      }
    } catch (IOException e) {
      throw new Options.Mistake(file + ": expected a file that can be read, " + e.getMessage());
    }
  }

  /** Prints it; returns whether all went well. */
  boolean print() {
    Set<Double> rates = new LinkedHashSet<>();
    Set<String> transports = new LinkedHashSet<>();
    for (Map<String, Object> round : rounds) {
      rates.add(number(round, "rate"));
      transports.add((String) round.get("label"));
    }
    for (double rate : rates) {
      System.out.printf(
          Locale.ROOT,
          "%n%.0f clients, %s publications per second (medians of %d)%n",
          number(rounds.get(0), "clients"),
          rate == Math.rint(rate) ? String.valueOf((long) rate) : String.valueOf(rate),
          rounds.stream()
              .filter(r -> number(r, "rate") == rate)
              .filter(r -> r.get("label").equals(rounds.get(0).get("label")))
              .count());
      System.out.println(
          """

          | transport    | requests per message | bytes up | bytes down | bytes per message | p50 ms | p99 ms | server CPU, µs per message |
          |--------------|---------------------:|---------:|-----------:|------------------:|-------:|-------:|---------------------------:|\
          """);
      for (String transport : transports) {
        List<Map<String, Object>> of =
            rounds.stream()
                .filter(r -> number(r, "rate") == rate && r.get("label").equals(transport))
                .toList();
        if (!of.isEmpty()) {
          System.out.printf(
              Locale.ROOT,
              "| %-12s | %20.2f | %8.0f | %10.0f | %17.0f | %6.1f | %6.1f | %26.0f |%s%n",
              transport,
              median(of, "requests"),
              median(of, "bytes_up"),
              median(of, "bytes_down"),
              median(of, "bytes_up") + median(of, "bytes_down"),
              median(of, "p50_ms"),
              median(of, "p99_ms"),
              median(of, "cpu_us"),
              of.stream().allMatch(TransportsSummary::isWell)
                  ? ""
                  : " FAILED: "
                      + of.stream()
                          .map(r -> r.get("trouble") + ", lost " + r.get("lost"))
                          .toList());
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%nOther processes took %.0f %% of this machine (median of %d runs; %.0f to %.0f %%).%n",
        rounds.isEmpty() ? 0 : median(rounds, "other_cpu"),
        rounds.size(),
        rounds.stream().mapToDouble(r -> number(r, "other_cpu")).min().orElse(0),
        rounds.stream().mapToDouble(r -> number(r, "other_cpu")).max().orElse(0));
    return !rounds.isEmpty() && rounds.stream().allMatch(TransportsSummary::isWell);
  }

  private static boolean isWell(Map<String, Object> round) {
    return Boolean.TRUE.equals(round.get("ok"));
  }

  private static double median(List<Map<String, Object>> rounds, String field) {
    return Meter.median(rounds.stream().mapToDouble(round -> number(round, field)).toArray());
  }

  private static double number(Map<String, Object> round, String field) {
    return ((Number) round.get(field)).doubleValue();
  }
}
