package io.switchboard.transport.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of an asynchronous answer as fast as its reader takes it, and never waits.
 *
 * <p>Safe for use by many threads; one writes at a time (Servlet 6.0, {@code WriteListener}). What
 * the container calls waits until nobody else is at work: once it has told of an end, the objects
 * of this answer may serve another one, and nobody may touch them any more.
 */
final class ResponseWriter implements WriteListener {
  private static final Logger LOG = System.getLogger(ResponseWriter.class.getName());

  /** What is written; called by one thread at a time. */
  interface Source {
    /** Returns what comes next; nothing if there is nothing now. */
    byte @Nullable [] next();

    /** Returns whether there will never be anything again; asked when there is nothing. */
    boolean isOver();

    /** All that {@link #next} returned so far is on its way. */
    default void flushed() {}

    /** The answer has ended, be it whole or because its reader is gone; called once. */
    default void ended() {}
  }

  private final AsyncContext async;
  private final ServletOutputStream out;
  private final Source source;
  private final Executor workers;
  private final AtomicBoolean woken = new AtomicBoolean();

  /** Held while the answer is touched, by calls of the container that do not wait. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Whether the container will call when more can be written, as at the beginning. */
  private volatile boolean blocked = true;

  // Guarded by the lock.
  private boolean again;
  private boolean done;
  private boolean flushDue;
  private boolean flushed;

  /** Makes one for the answer of {@code async}, whose status and headers are set. */
  ResponseWriter(AsyncContext async, ServletOutputStream out, Source source, Executor workers) {
    this.async = async;
    this.out = out;
    this.source = source;
    this.workers = workers;
  }

  /** Begins. */
  void start() {
    out.setWriteListener(this);
  }

  /** Notes that the source has something, or has ended; returns whether it can be written now. */
  boolean wake() {
    if (blocked) {
      return false;
    }
    if (woken.compareAndSet(false, true)) {
      workers.execute(
          () -> {
            woken.set(false);
            if (!blocked) {
              run();
            }
          });
    }
    return true;
  }

  @Override
  public void onWritePossible() {
    run();
  }

  @Override
  public void onError(Throwable error) {
    LOG.log(Level.DEBUG, "an answer could not be written", error);
    abort();
  }

  /** Ends it as it is. */
  void abort() {
    boolean first;
    lock.lock();
    try {
      first = end();
    } finally {
      lock.unlock();
    }
    if (first) {
      source.ended();
    }
  }

  /** Notes that the container has ended it. */
  void ended() {
    lock.lock();
    try {
      done = true;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    boolean ended = false;
    lock.lock();
    try {
      if (done) {
        return;
      }
      if (lock.getHoldCount() > 1) { // a container called back from within a call of ours
        again = true;
        return;
      }
      blocked = false;
      if (write()) {
        ended = end();
      }
    } catch (IOException | RuntimeException e) { // the reader is gone, or its container stops
      LOG.log(Level.DEBUG, "an answer could not be written", e);
      ended = end();
    } finally {
      lock.unlock();
    }
    if (ended) {
      source.ended();
    }
  }

  /** Writes what there is; returns whether that was all there will ever be. */
  private boolean write() throws IOException {
    while (!done) {
      if (!out.isReady()) {
        if (again) {
          again = false;
          continue;
        }
        blocked = true;
        return false;
      }
      if (flushDue) {
        flushDue = false;
        flushed = true;
        out.flush();
        continue;
      }
      if (flushed) {
        flushed = false;
        source.flushed();
      }
      byte[] chunk = source.next();
      if (chunk == null) {
        return source.isOver();
      }
      flushDue = true;
      out.write(chunk);
    }
    return false;
  }

  /** With the lock held; returns whether it had not ended before. */
  private boolean end() {
    if (done) {
      return false;
    }
    done = true;
    try {
      async.complete();
    } catch (IllegalStateException e) { // the container was faster
      LOG.log(Level.TRACE, "an answer had ended already", e);
    }
    return true;
  }
}
