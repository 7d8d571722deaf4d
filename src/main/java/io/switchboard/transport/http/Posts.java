package io.switchboard.transport.http;

import io.switchboard.concurrent.SerialExecutor;
import io.switchboard.http.Problem;
import io.switchboard.session.Budget;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The requests of one connection that carry commands: carried out in the order in which they come,
 * and once, if they have numbers.
 *
 * <p>Safe for use by many threads. Few may be under way, and the answers that are remembered are
 * bounded by number and by bytes.
 */
final class Posts {
  /** So many may be under way. */
  static final int MAX_UNDER_WAY = 8;

  /** So many answers are remembered. */
  static final int REMEMBERED = 8;

  /** The answers that are remembered hold no more than that, the newest excepted. */
  static final int REMEMBERED_BYTES = 64 * 1024;

  private final SerialExecutor serial;
  private final Budget budget;

  private final Object lock = new Object();

  // Guarded by the lock.
  private final TreeMap<Long, Kept> numbered = new TreeMap<>();

  /** The highest number whose answer is no longer remembered. */
  private long forgotten;

  private boolean closed;
  private int underWay;
  private int bytes;

  /** An answer, and how many bytes of it are counted. */
  private static final class Kept {
    private final CompletableFuture<WholeAnswer> answer = new CompletableFuture<>();
    private int size;
  }

  Posts(SerialExecutor serial, Budget budget) {
    this.serial = serial;
    this.budget = budget;
  }

  /**
   * Has {@code work} done, unless the request of this number came before.
   *
   * @return the answer, which is the same for the same number
   */
  CompletableFuture<WholeAnswer> take(
      OptionalLong number, Supplier<CompletableFuture<WholeAnswer>> work) {
    Kept kept = new Kept();
    synchronized (lock) {
      if (number.isPresent()) {
        Kept known = numbered.get(number.getAsLong());
        if (known != null) {
          return known.answer;
        }
        if (number.getAsLong() <= forgotten) {
          return refused(409, "Too old", "n: the answer to it is no longer remembered");
        }
      }
      if (underWay == MAX_UNDER_WAY) {
        return refused(429, "Too many requests", "at most 8 requests of a session at a time");
      }
      underWay++;
      if (number.isPresent()) {
        numbered.put(number.getAsLong(), kept);
        if (numbered.size() > REMEMBERED) {
          forgetOldest();
        }
      }
    }
    serial.execute(() -> carryOut(work, kept));
    return kept.answer;
  }

  private static CompletableFuture<WholeAnswer> refused(int status, String title, String detail) {
    Problem problem = Problem.of(status, title, detail);
    return CompletableFuture.completedFuture(
        WholeAnswer.of(status == 429 ? problem.header("Retry-After", "1") : problem));
  }

  private void carryOut(Supplier<CompletableFuture<WholeAnswer>> work, Kept kept) {
    CompletableFuture<WholeAnswer> result;
    try {
      result = work.get();
    } catch (RuntimeException | Error e) { // whoever asked is told, and the place is free again
      result = CompletableFuture.failedFuture(e);
    }
    var unused =
        result.whenComplete(
            (answer, error) -> {
              done(kept, answer == null ? 0 : answer.size());
              if (answer == null) {
                kept.answer.completeExceptionally(error);
              } else {
                kept.answer.complete(answer);
              }
            });
  }

  private void done(Kept kept, int size) {
    synchronized (lock) {
      underWay--;
      if (closed || !numbered.containsValue(kept)) {
        return;
      }
      kept.size = size;
      bytes += size;
      budget.add(size);
      while (bytes > REMEMBERED_BYTES && numbered.size() > 1) {
        forgetOldest();
      }
    }
  }

  // With the lock held.
  private void forgetOldest() {
    Map.Entry<Long, Kept> oldest = numbered.pollFirstEntry();
    forgotten = Math.max(forgotten, oldest.getKey());
    bytes -= oldest.getValue().size;
    budget.add(-oldest.getValue().size);
  }

  /** Gives back what was remembered. */
  void forget() {
    synchronized (lock) {
      closed = true;
      numbered.clear();
      budget.add(-bytes);
      bytes = 0;
    }
  }
}
