package io.switchboard.api;

import io.switchboard.http.OneAnswer;
import io.switchboard.http.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.IntConsumer;

/** The answer to a call that is not answered on its own thread. Safe for use by many threads. */
final class LateAnswer extends OneAnswer {
  private static final Logger LOG = System.getLogger(LateAnswer.class.getName());

  private final AsyncContext async;
  private final HttpServletResponse response;
  private final IntConsumer counted;

  /** Makes one; {@code counted} hears its status. */
  LateAnswer(AsyncContext async, HttpServletResponse response, IntConsumer counted) {
    super(async);
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
    if (claim()) {
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

  @Override
  public void onTimeout(AsyncEvent event) {
    // What is left of the body must not be taken for the next request.
    send(Refused.timeout("the request took too long").header("Connection", "close"));
  }
}
