package io.switchboard.api;

import io.switchboard.http.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * The answer to a request that is not answered on its own thread: sent once, by whoever comes
 * first. Once it has been sent the container may use the objects of the request for another one, so
 * nobody may touch them any more. Safe for use by many threads.
 */
final class LateAnswer implements AsyncListener {
  private static final Logger LOG = System.getLogger(LateAnswer.class.getName());

  private final AsyncContext async;
  private final HttpServletResponse response;
  private final IntConsumer counted;
  private final AtomicBoolean sent = new AtomicBoolean();

  /** Makes one; {@code counted} hears its status. */
  LateAnswer(AsyncContext async, HttpServletResponse response, IntConsumer counted) {
    this.async = async;
    this.response = response;
    this.counted = counted;
  }

  /** What an answer is sent by. */
  private interface Sending {
    void to(HttpServletResponse response) throws IOException;
  }

  /** Sends it, on the calling thread. */
  void send(Reply reply) {
    send(reply.status(), reply::send);
  }

  /** Sends it, on the calling thread. */
  void send(Problem problem) {
    send(problem.status(), problem::send);
  }

  /** Sends it on a thread of the container. */
  void sendLater(Reply reply) {
    sendLater(reply.status(), reply::send);
  }

  /** Sends it on a thread of the container. */
  void sendLater(Problem problem) {
    sendLater(problem.status(), problem::send);
  }

  private void send(int status, Sending answer) {
    if (sent.compareAndSet(false, true)) {
      counted.accept(status);
      sendNow(answer);
    }
  }

  private void sendLater(int status, Sending answer) {
    try {
      // Claimed when it is sent: until a thread is free the request may run out of time.
      async.start(() -> send(status, answer));
    } catch (IllegalStateException e) { // it has ended already
      LOG.log(Level.DEBUG, "an answer came too late", e);
    }
  }

  private void sendNow(Sending answer) {
    try {
      answer.to(response);
    } catch (IOException
        | IllegalStateException e) { // the caller went away; it is done all the same
      LOG.log(Level.DEBUG, "an answer could not be sent", e);
    } finally {
      complete();
    }
  }

  /** The body does not come. */
  void giveUp(Throwable error) {
    LOG.log(Level.DEBUG, "a body did not come", error);
    if (sent.compareAndSet(false, true)) {
      complete();
    }
  }

  private void complete() {
    try {
      async.complete();
    } catch (IllegalStateException e) { // the container was faster
      LOG.log(Level.TRACE, "a request had ended already", e);
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {}

  @Override
  public void onTimeout(AsyncEvent event) {
    // What is left of the body must not be taken for the next request.
    send(Refused.timeout("the request took too long").header("Connection", "close"));
  }

  @Override
  public void onError(AsyncEvent event) {
    giveUp(event.getThrowable());
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
