package io.switchboard.wire;

import io.switchboard.testing.Scrape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query of Prometheus, as far as is needed to say which metrics, labels and values of labels it
 * asks for. Whatever is neither a function, a keyword nor in a known place is taken for a metric,
 * so a name with a mistake in it is not overlooked.
 */
final class PromQl {
  private static final Set<String> KEYWORDS =
      Set.of("by", "without", "on", "ignoring", "and", "or", "unless", "group_left", "bool");

  /** Labels that Prometheus adds, or that a bucket has. */
  private static final Set<String> NOT_OURS = Set.of("job", "instance", "le");

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern SELECTED =
      Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");

  private PromQl() {}

  /** Returns what {@code query} asks for that {@code scrape} does not have. */
  static List<String> mistakes(String query, Scrape scrape) {
    List<String> mistakes = new ArrayList<>();
    String rest = query.replaceAll("\\[[^\\]]*]", "");
    Set<String> labels = new TreeSet<>(NOT_OURS);
    Set<String> grouped = new TreeSet<>();
    Matcher grouping = GROUPING.matcher(rest);
    while (grouping.find()) {
      Matcher label = NAME.matcher(grouping.group(1));
      while (label.find()) {
        grouped.add(label.group());
      }
    }
    rest = GROUPING.matcher(rest).replaceAll(" ");
    Matcher metric = Pattern.compile("(" + NAME.pattern() + ")\\s*(\\{[^}]*}|\\()?").matcher(rest);
    int metrics = 0;
    while (metric.find()) {
      String name = metric.group(1);
      String behind = metric.group(2) == null ? "" : metric.group(2);
      boolean partOfNumber = metric.start() > 0 && isDigit(rest.charAt(metric.start() - 1));
      if (behind.equals("(") || KEYWORDS.contains(name) || partOfNumber) {
        continue;
      }
      metrics++;
      if (!scrape.has(name)) {
        mistakes.add("there is no metric " + name);
        continue;
      }
      labels.addAll(scrape.labels(name));
      select(name, behind, scrape, mistakes);
    }
    grouped.removeAll(labels);
    grouped.forEach(label -> mistakes.add("nothing has a label " + label));
    if (metrics == 0) {
      mistakes.add("it asks for nothing");
    }
    return mistakes.stream().map(mistake -> mistake + " in " + query).toList();
  }

  private static boolean isDigit(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static void select(
      String metric, String selection, Scrape scrape, List<String> mistakes) {
    Matcher selected = SELECTED.matcher(selection);
    while (selected.find()) {
      String label = selected.group(1);
      if (NOT_OURS.contains(label)) {
        continue;
      }
      Set<String> values = scrape.values(metric, label);
      if (values.isEmpty()) {
        mistakes.add(metric + " has no label " + label);
        continue;
      }
      for (String wanted : selected.group(3).split("\\|", -1)) {
        if (wanted.matches("[\\w-]+") && !values.contains(wanted)) {
          mistakes.add(metric + " has no " + label + " " + wanted);
        }
      }
    }
  }
}
