package io.switchboard.transport.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of an asynchronous answer as fast as its reader takes it, and never waits.
 *
 * <p>Safe for use by many threads; one writes at a time (Servlet 6.0, {@code WriteListener}).
 */
final class ResponseWriter implements WriteListener {
  private static final Logger LOG = System.getLogger(ResponseWriter.class.getName());

  /** What is written; called by one thread at a time, without a lock. */
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

  private final Object lock = new Object();

  // Guarded by the lock.
  private boolean running;
  private boolean again;
  private boolean done;
  private boolean aborted;

  /** Whether the container will call when more can be written, as at the beginning. */
  private boolean blocked = true;

  // Touched by the one that writes.
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
    synchronized (lock) {
      if (blocked) {
        return false;
      }
    }
    if (woken.compareAndSet(false, true)) {
      workers.execute(
          () -> {
            woken.set(false);
            run(false);
          });
    }
    return true;
  }

  @Override
  public void onWritePossible() {
    run(true);
  }

  @Override
  public void onError(Throwable error) {
    LOG.log(Level.DEBUG, "an answer could not be written", error);
    end();
  }

  /** Ends it as it is. */
  void abort() {
    synchronized (lock) {
      aborted = true;
      again = true;
      if (running) {
        return; // whoever writes ends it
      }
    }
    end();
  }

  private void run(boolean byContainer) {
    synchronized (lock) {
      if (done) {
        return;
      }
      if (running) {
        again = true;
        return;
      }
      if (blocked && !byContainer) {
        return;
      }
      blocked = false;
      running = true;
    }
    try {
      if (write()) {
        end();
      }
    } catch (IOException | RuntimeException e) { // the reader is gone, or its container stops
      LOG.log(Level.DEBUG, "an answer could not be written", e);
      end();
    }
  }

  /** Writes what there is; returns whether that was all there will ever be. */
  private boolean write() throws IOException {
    while (!isAborted()) {
      if (!out.isReady()) {
        if (rest(true)) {
          return false;
        }
        continue;
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
      if (chunk != null) {
        flushDue = true;
        out.write(chunk);
      } else if (source.isOver()) {
        return true;
      } else if (rest(false)) {
        return false;
      }
    }
    return true;
  }

  private boolean isAborted() {
    synchronized (lock) {
      return aborted;
    }
  }

  /** Stops writing for now, unless somebody has asked to go on meanwhile. */
  private boolean rest(boolean untilCalled) {
    synchronized (lock) {
      if (again) {
        again = false;
        return false;
      }
      running = false;
      blocked = untilCalled;
      return true;
    }
  }

  /** Notes that the container has ended it. */
  void ended() {
    synchronized (lock) {
      done = true;
      aborted = true;
    }
  }

  private void end() {
    synchronized (lock) {
      if (done) {
        return;
      }
      done = true;
    }
    source.ended();
    try {
      async.complete();
    } catch (IllegalStateException e) { // the container was faster
      LOG.log(Level.TRACE, "an answer had ended already", e);
    }
  }
}
