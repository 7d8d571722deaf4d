package io.switchboard.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scraper was answered, in the text format of Prometheus. */
public final class Scrape {
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

  /** One line. */
  private record Sample(String name, Map<String, String> labels, double value) {}

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, String> types = new TreeMap<>();

  private Scrape() {}

  /** Reads {@code text}; fails the test where it is no such text. */
  public static Scrape of(String text) {
    Scrape scrape = new Scrape();
    text.lines().forEach(scrape::read);
    return scrape;
  }

  private void read(String line) {
    Matcher type = TYPE.matcher(line);
    if (type.matches()) {
      types.put(type.group(1), type.group(2));
      return;
    }
    if (line.startsWith("#")) {
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    Map<String, String> labels = new HashMap<>();
    if (sample.group(2) != null) {
      Matcher label = LABEL.matcher(sample.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    samples.add(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
  }

  /** Returns the metrics whose names begin so, each with the labels of its samples but le. */
  public Map<String, Set<String>> metrics(String prefix) {
    Map<String, Set<String>> metrics = new TreeMap<>();
    types.forEach(
        (name, type) -> {
          if (name.startsWith(prefix)) {
            Set<String> labels = new TreeSet<>();
            String counted = type.equals("histogram") ? name + "_count" : name;
            samples.stream()
                .filter(sample -> sample.name().equals(counted))
                .forEach(sample -> labels.addAll(sample.labels().keySet()));
            metrics.put(name, labels);
          }
        });
    return metrics;
  }

  /** Returns how many samples there are. */
  public int size() {
    return samples.size();
  }

  /** Returns whether there is a sample of that name. */
  public boolean has(String name) {
    return samples.stream().anyMatch(sample -> sample.name().equals(name));
  }

  /** Returns the labels of the samples of that name. */
  public Set<String> labels(String name) {
    Set<String> labels = new TreeSet<>();
    samples.stream()
        .filter(sample -> sample.name().equals(name))
        .forEach(sample -> labels.addAll(sample.labels().keySet()));
    return labels;
  }

  /** Returns what values a label of a metric has; none if it has no such label. */
  public Set<String> values(String name, String label) {
    Set<String> values = new TreeSet<>();
    for (Sample sample : samples) {
      if (sample.name().equals(name) && sample.labels().containsKey(label)) {
        values.add(sample.labels().get(label));
      }
    }
    return values;
  }

  /**
   * Returns the sum of the samples of that name that have these labels; fails the test if there are
   * none.
   *
   * @param labels names and values in turn
   */
  public double value(String name, String... labels) {
    List<Double> found =
        samples.stream()
            .filter(sample -> sample.name().equals(name))
            .filter(sample -> has(sample, labels))
            .map(Sample::value)
            .toList();
    if (found.isEmpty()) {
      throw new AssertionError("no " + name + " with " + List.of(labels));
    }
    return found.stream().mapToDouble(Double::doubleValue).sum();
  }

  private static boolean has(Sample sample, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
        return false;
      }
    }
    return true;
  }
}
