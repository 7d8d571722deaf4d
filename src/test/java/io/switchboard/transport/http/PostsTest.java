package io.switchboard.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.concurrent.SerialExecutor;
import io.switchboard.session.Budget;
import io.switchboard.testing.StepExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PostsTest {
  private final StepExecutor workers = new StepExecutor();
  private final Budget budget = new Budget(1_000_000);
  private final Posts posts = new Posts(new SerialExecutor(workers), budget);
  private final List<CompletableFuture<WholeAnswer>> carriedOut = new ArrayList<>();

  private void sent(long number) {
    var unused = post(number);
  }

  private CompletableFuture<WholeAnswer> post(long number) {
    return post(OptionalLong.of(number));
  }

  private CompletableFuture<WholeAnswer> post(OptionalLong number) {
    CompletableFuture<WholeAnswer> answer =
        posts.take(
            number,
            () -> {
              carriedOut.add(new CompletableFuture<>());
              return carriedOut.get(carriedOut.size() - 1);
            });
    workers.runAll();
    return answer;
  }

  private void answer(int which, String text) {
    carriedOut.get(which).complete(WholeAnswer.json(text));
  }

  @Test
  void aRepeatedRequestIsCarriedOutOnce() {
    CompletableFuture<WholeAnswer> first = post(1);
    CompletableFuture<WholeAnswer> meanwhile = post(1);
    answer(0, "done");
    CompletableFuture<WholeAnswer> afterwards = post(1);
    assertEquals(1, carriedOut.size());
    assertSame(first.join(), meanwhile.join());
    assertSame(first.join(), afterwards.join());
  }

  @Test
  void requestsWithoutANumberAreAllCarriedOut() {
    var one = post(OptionalLong.empty());
    var other = post(OptionalLong.empty());
    assertEquals(2, carriedOut.size());
    assertFalse(one.isDone() || other.isDone());
  }

  @Test
  void whatIsNoLongerRememberedIsRefusedAndNotRepeated() {
    for (int n = 1; n <= Posts.REMEMBERED + 1; n++) {
      sent(n);
      answer(n - 1, "answer");
    }
    assertEquals(409, post(1).join().status());
    assertEquals(200, post(2).join().status());
    assertEquals(Posts.REMEMBERED + 1, carriedOut.size());
  }

  @Test
  void rememberedAnswersAreBoundedByBytesAndGivenBack() {
    for (int n = 1; n <= 4; n++) {
      sent(n);
      answer(n - 1, "x".repeat(Posts.REMEMBERED_BYTES / 2));
    }
    assertEquals(409, post(2).join().status());
    assertEquals(200, post(3).join().status());
    assertEquals(Posts.REMEMBERED_BYTES, budget.spent());
    sent(5);
    answer(4, "x".repeat(2 * Posts.REMEMBERED_BYTES));
    assertEquals(2 * Posts.REMEMBERED_BYTES, budget.spent(), "the newest is kept in any case");
    posts.forget();
    assertEquals(0, budget.spent());
  }

  @Test
  void numbersMayComeOutOfOrder() {
    for (int n : new int[] {9, 7, 8, 2}) {
      assertFalse(post(n).isDone(), "number " + n);
    }
    assertEquals(4, carriedOut.size());
  }

  @Test
  void workThatThrowsIsAnsweredAndItsPlaceIsFreeAgain() {
    for (int n = 1; n <= 2 * Posts.MAX_UNDER_WAY; n++) {
      CompletableFuture<WholeAnswer> answer =
          posts.take(
              OptionalLong.of(n),
              () -> {
                throw new IllegalStateException("broken");
              });
      workers.runAll();
      assertTrue(answer.isCompletedExceptionally());
    }
  }

  @Test
  void whatIsAnsweredAfterTheEndIsNotCounted() {
    sent(1);
    posts.forget();
    answer(0, "late");
    assertEquals(0, budget.spent());
  }

  @Test
  void fewAreUnderWay() {
    for (int n = 1; n <= Posts.MAX_UNDER_WAY; n++) {
      assertFalse(post(n).isDone());
    }
    WholeAnswer refused = post(99).join();
    assertEquals(429, refused.status());
    assertEquals("1", refused.headers().get("Retry-After"));
    answer(0, "done");
    assertFalse(post(100).isDone());
    assertEquals(Posts.MAX_UNDER_WAY + 1, carriedOut.size());
  }

  @Test
  void aFailureIsAnAnswerToo() {
    CompletableFuture<WholeAnswer> answer = post(1);
    carriedOut.get(0).completeExceptionally(new IllegalStateException("broken"));
    assertTrue(answer.isCompletedExceptionally());
  }
}
