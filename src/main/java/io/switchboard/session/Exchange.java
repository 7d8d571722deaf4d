package io.switchboard.session;

import io.switchboard.protocol.ErrorCode;
import io.switchboard.protocol.Frame;
import io.switchboard.protocol.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commands that came in one request, and their answers in the same order.
 *
 * <p>Safe for use by many threads. What all answers together may hold is bounded; one that is too
 * much is an error instead.
 */
final class Exchange {
  private final List<@Nullable Long> ids;
  private final Function<Refusal, Frame> encoder;
  private final int maxBytes;
  private final CompletableFuture<List<Answer>> whole = new CompletableFuture<>();

  // Guarded by this, as is all below.
  private final List<@Nullable Answer> answers;
  private int asking = -1;
  private int open;
  private long bytes;
  private boolean askedAll;

  /**
   * Makes one that waits for an answer to each of {@code ids}, and takes one where there is none.
   */
  Exchange(List<@Nullable Long> ids, Function<Refusal, Frame> encoder, int maxBytes) {
    this.ids = ids;
    this.encoder = encoder;
    this.maxBytes = maxBytes;
    this.answers = new ArrayList<>(Collections.nCopies(ids.size(), null));
    this.open = (int) ids.stream().filter(Objects::nonNull).count();
  }

  /** Notes that the command at {@code index} is being carried out. */
  synchronized void asking(int index) {
    asking = index;
  }

  /** Notes that every command has been asked for. */
  void askedAll() {
    synchronized (this) {
      asking = -1;
      askedAll = true;
    }
    completeIfDone();
  }

  /**
   * Takes the answer to {@code re}, or, without an id, one to the command that is being carried
   * out.
   *
   * @return false if it is not asked for here
   */
  boolean answer(@Nullable Long re, Frame frame, @Nullable Refusal refusal) {
    synchronized (this) {
      int index = index(re);
      if (index < 0) {
        return false;
      }
      answers.set(index, fitting(re, frame, refusal));
      if (re != null) {
        open--;
      }
    }
    completeIfDone();
    return true;
  }

  /** Returns whether an answer to {@code re} is awaited here. */
  synchronized boolean awaits(long re) {
    return index(re) >= 0;
  }

  /** Ends it with the answers there are: no others will come. */
  void end() {
    complete();
  }

  /** Returns the answers, when all are there. */
  CompletableFuture<List<Answer>> whole() {
    return whole;
  }

  // With the lock held.
  private int index(@Nullable Long re) {
    if (re == null) {
      return asking >= 0 && ids.get(asking) == null ? asking : -1;
    }
    for (int i = 0; i < ids.size(); i++) {
      if (re.equals(ids.get(i)) && answers.get(i) == null) {
        return i;
      }
    }
    return -1;
  }

  // With the lock held.
  private Answer fitting(@Nullable Long re, Frame frame, @Nullable Refusal refusal) {
    if (bytes + frame.size() <= maxBytes) {
      bytes += frame.size();
      return new Answer(frame, Optional.ofNullable(refusal));
    }
    Refusal tooMuch =
        new Refusal(
            ErrorCode.LIMIT_EXCEEDED,
            "the answers to one request hold at most %d bytes, ask for less".formatted(maxBytes),
            re);
    return new Answer(encoder.apply(tooMuch), Optional.of(tooMuch));
  }

  private void completeIfDone() {
    synchronized (this) {
      if (!askedAll || open > 0) {
        return;
      }
    }
    complete();
  }

  private void complete() {
    List<Answer> all = new ArrayList<>();
    synchronized (this) {
      for (Answer answer : answers) {
        if (answer != null) {
          all.add(answer);
        }
      }
    }
    whole.complete(all);
  }
}
