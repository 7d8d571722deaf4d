package io.switchboard.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The answer to a request that left its thread: given once, by whoever claims it first. After that
 * the container may use the objects of the request for another one, so nobody else may touch them.
 * Safe for use by many threads.
 */
public abstract class OneAnswer implements AsyncListener {
  private static final Logger LOG = System.getLogger(OneAnswer.class.getName());

  private final AsyncContext async;
  private final AtomicBoolean claimed = new AtomicBoolean();

  /** Makes one that nobody has claimed; it must be made a listener of {@code async}. */
  protected OneAnswer(AsyncContext async) {
    this.async = async;
  }

  /** Returns whether the caller is the one who answers. */
  protected final boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  /** Returns whether somebody is. */
  protected final boolean isClaimed() {
    return claimed.get();
  }

  /** Ends the request, after it was answered; called by who has claimed that. */
  protected final void complete() {
    try {
      async.complete();
    } catch (IllegalStateException e) { // the container was faster
      LOG.log(Level.TRACE, "a request had ended already", e);
    }
  }

  /** Ends the request without an answer, unless somebody gives one: its client is gone. */
  public final void giveUp(Throwable error) {
    LOG.log(Level.DEBUG, "a request was given up", error);
    if (claim()) {
      complete();
    }
  }

  @Override
  public final void onError(AsyncEvent event) {
    giveUp(event.getThrowable());
  }

  @Override
  public final void onComplete(AsyncEvent event) {}

  @Override
  public final void onStartAsync(AsyncEvent event) {}
}
