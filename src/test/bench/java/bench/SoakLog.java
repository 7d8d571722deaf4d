package bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What all clients together know of one channel: which publication stands at which offset.
 *
 * <p>The first client that sees an offset sets what stands there; whoever sees something else
 * there, or the same thing elsewhere, has found a defect. As each client also checks that it gets
 * offset after offset, agreement on this log is agreement on everything.
 */
final class SoakLog {
  private final String channel;
  private final Failures failures;
  private final Map<Long, String> byOffset = new HashMap<>();
  private final Map<String, Long> byName = new HashMap<>();

  /** What was answered: names and the offsets they were told. */
  private final Map<String, Long> answers = new HashMap<>();

  private String epoch = "";

  /** The highest offset that anybody was told of. */
  long top;

  /** What went wrong; the first few in words. */
  static final class Failures {
    private static final int SHOWN = 20;

    final List<String> first = new ArrayList<>();
    long count;

    void add(String what) {
      count++;
      if (first.size() < SHOWN) {
        first.add(what);
        System.err.println("soak: FAILED " + what);
      }
    }
  }

  SoakLog(String channel, Failures failures) {
    this.channel = channel;
    this.failures = failures;
  }

  void epoch(String seen) {
    if (epoch.isEmpty()) {
      epoch = seen;
    } else if (!epoch.equals(seen)) {
      failures.add("%s: its epoch was %s and is %s".formatted(channel, epoch, seen));
      epoch = seen;
    }
  }

  /** A client has got this publication. */
  void seen(long offset, String name) {
    top = Math.max(top, offset);
    String there = byOffset.putIfAbsent(offset, name);
    if (there != null && !there.equals(name)) {
      failures.add(
          "%s: at offset %d one got %s, another %s".formatted(channel, offset, there, name));
    }
    Long before = byName.putIfAbsent(name, offset);
    if (before != null && before != offset) {
      failures.add("%s: %s came at %d and at %d".formatted(channel, name, before, offset));
    }
  }

  /** The server has answered that this publication stands at {@code offset}. */
  void answered(String name, long offset, String inEpoch) {
    epoch(inEpoch);
    top = Math.max(top, offset);
    Long before = answers.put(name, offset);
    if (before != null && before != offset) {
      failures.add("%s: %s was answered %d and %d".formatted(channel, name, before, offset));
    }
  }

  int answers() {
    return answers.size();
  }

  int known() {
    return byOffset.size();
  }

  /**
   * At the end: everything that was answered is there, and between the first and the last no hole.
   */
  void check() {
    answers.forEach(
        (name, offset) -> {
          if (!name.equals(byOffset.get(offset))) {
            failures.add(
                "%s: %s was answered with offset %d, where there is %s"
                    .formatted(channel, name, offset, byOffset.get(offset)));
          }
        });
    long first = byOffset.keySet().stream().mapToLong(Long::longValue).min().orElse(1);
    if (!byOffset.isEmpty() && top - first + 1 != byOffset.size()) {
      failures.add(
          "%s: %d publications from %d to %d".formatted(channel, byOffset.size(), first, top));
    }
  }
}
