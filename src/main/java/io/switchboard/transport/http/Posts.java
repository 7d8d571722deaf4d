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
  private final TreeMap<Long, CompletableFuture<WholeAnswer>> numbered = new TreeMap<>();
  private long newest;
  private int underWay;
  private int bytes;

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
    CompletableFuture<WholeAnswer> answer = new CompletableFuture<>();
    synchronized (lock) {
      if (number.isPresent()) {
        CompletableFuture<WholeAnswer> known = numbered.get(number.getAsLong());
        if (known != null) {
          return known;
        }
        if (number.getAsLong() <= newest) {
          return refused(409, "Too old", "n: the answer to it is no longer remembered");
        }
      }
      if (underWay == MAX_UNDER_WAY) {
        return refused(429, "Too many requests", "at most 8 requests of a session at a time");
      }
      underWay++;
      if (number.isPresent()) {
        newest = number.getAsLong();
        numbered.put(newest, answer);
        if (numbered.size() > REMEMBERED) {
          forgetOldest();
        }
      }
    }
    serial.execute(() -> carryOut(work, answer));
    return answer;
  }

  private static CompletableFuture<WholeAnswer> refused(int status, String title, String detail) {
    Problem problem = Problem.of(status, title, detail);
    return CompletableFuture.completedFuture(
        WholeAnswer.of(status == 429 ? problem.header("Retry-After", "1") : problem));
  }

  private void carryOut(
      Supplier<CompletableFuture<WholeAnswer>> work, CompletableFuture<WholeAnswer> answer) {
    var unused =
        work.get()
            .whenComplete(
                (result, error) -> {
                  done(answer, result == null ? 0 : result.size());
                  if (result == null) {
                    answer.completeExceptionally(error);
                  } else {
                    answer.complete(result);
                  }
                });
  }

  private void done(CompletableFuture<WholeAnswer> answer, int size) {
    synchronized (lock) {
      underWay--;
      if (numbered.containsValue(answer)) {
        bytes += size;
        budget.add(size);
        while (bytes > REMEMBERED_BYTES && numbered.size() > 1) {
          forgetOldest();
        }
      }
    }
  }

  // With the lock held.
  private void forgetOldest() {
    Map.Entry<Long, CompletableFuture<WholeAnswer>> oldest = numbered.pollFirstEntry();
    WholeAnswer known = oldest.getValue().getNow(null);
    int size = known == null ? 0 : known.size();
    bytes -= size;
    budget.add(-size);
  }

  /** Gives back what was remembered. */
  void forget() {
    synchronized (lock) {
      numbered.clear();
      budget.add(-bytes);
      bytes = 0;
    }
  }
}
