package io.switchboard.session;

import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The one way out of a session: a bounded queue and a single drain.
 *
 * <p>Any thread may offer; none waits. At most one write is under way, because Tomcat fails when
 * two overlap. Where a container reports a write as done before the peer took anything (Tyrus,
 * GlassFish, WildFly), completions bound nothing; therefore a Ping is sent after every {@link
 * #PING_EVERY} bytes, and no more than {@link #WINDOW} bytes are sent beyond the last one that came
 * back. Memory per session is bounded by the queue's size and that window.
 *
 * <p>A Ping's payload holds a random number, so that a peer cannot answer what it has not read.
 */
final class Outbound {
  /** How many bytes are sent from one Ping to the next. */
  static final int PING_EVERY = 64 * 1024;

  /** How many bytes may be under way that no Pong vouches for. */
  static final int WINDOW = 256 * 1024;

  /** What a queued frame counts beyond its text, so that tiny frames are bounded too. */
  static final int FRAME_OVERHEAD = 64;

  /** How long a connection that is being closed may take for its last frames. */
  static final long CLOSE_NANOS = 5_000_000_000L;

  private enum State {
    OPEN,
    /** What is queued goes out, then the connection is closed. */
    CLOSING,
    CLOSED
  }

  /** A Ping under way: how much was sent before it, and the number it carries. */
  private record Sent(long position, long nonce) {}

  private final Transport transport;
  private final int maxBytes;
  private final Threads threads;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Consumer<Throwable> failed;

  private final Object lock = new Object();

  // All below is guarded by the lock.
  private State state = State.OPEN;
  private final ArrayDeque<Frame> queue = new ArrayDeque<>();
  private int queuedBytes;
  private boolean draining;
  private boolean writing;
  private boolean pingDue;
  private long sent;
  private long vouched;
  private long pingedAt;
  private final ArrayDeque<Sent> pings = new ArrayDeque<>();

  /** Since when nothing moved although something should; meaningful while {@link #isHeldUp}. */
  private long heldUpSince;

  private @Nullable Disconnect end;
  private long closingSince;

  /**
   * What a session runs on.
   *
   * @param workers threads that never wait for a peer
   * @param closers threads that may: some containers wait for the peer when they close
   */
  record Threads(Executor workers, Executor closers) {}

  Outbound(
      Transport transport,
      int maxBytes,
      Threads threads,
      LongSupplier nanos,
      RandomGenerator random,
      Consumer<Throwable> failed) {
    this.transport = transport;
    this.maxBytes = maxBytes;
    this.threads = threads;
    this.nanos = nanos;
    this.random = random;
    this.failed = failed;
  }

  /**
   * Queues {@code frame}, unless the session is ending.
   *
   * @return false if the queue is full; the frame is then not queued. One frame always fits
   */
  boolean offer(Frame frame) {
    synchronized (lock) {
      if (state != State.OPEN) {
        return true;
      }
      int cost = cost(frame);
      if (!queue.isEmpty() && queuedBytes + cost > maxBytes) {
        return false;
      }
      queue.add(frame);
      queuedBytes += cost;
      wake();
      return true;
    }
  }

  /** Sends a Ping as soon as the write under way ends. */
  void ping() {
    synchronized (lock) {
      pingDue = true;
      wake();
    }
  }

  /** Takes a Pong: all that was sent before its Ping has been read. */
  void ponged(byte[] payload) {
    if (payload.length != Long.BYTES) {
      return;
    }
    long nonce = ByteBuffer.wrap(payload).getLong();
    synchronized (lock) {
      if (pings.stream().noneMatch(ping -> ping.nonce() == nonce)) {
        return;
      }
      Sent ping = pings.removeFirst();
      while (ping.nonce() != nonce) {
        // A peer may answer the newest of several Pings only (RFC 6455 section 5.5.3).
        ping = pings.removeFirst();
      }
      vouched = ping.position();
      heldUpSince = nanos.getAsLong();
      wake();
    }
  }

  /**
   * Ends the session: {@code bye} is the last frame, then the connection is closed.
   *
   * @param drop whether what is still queued is thrown away
   */
  void close(Disconnect reason, Frame bye, boolean drop) {
    synchronized (lock) {
      if (state != State.OPEN) {
        return;
      }
      if (drop) {
        queue.clear();
        queuedBytes = 0;
      }
      queue.add(bye);
      queuedBytes += cost(bye);
      state = State.CLOSING;
      end = reason;
      closingSince = nanos.getAsLong();
      wake();
    }
  }

  /** The connection is gone: nothing is sent any more. */
  void gone() {
    synchronized (lock) {
      state = State.CLOSED;
      queue.clear();
      queuedBytes = 0;
      pings.clear();
    }
  }

  /**
   * Returns whether the peer has taken nothing for {@code limit} nanoseconds although it should.
   */
  boolean isStalled(long now, long limit) {
    synchronized (lock) {
      return state != State.CLOSED && isHeldUp() && now - heldUpSince >= limit;
    }
  }

  /** Closes the connection if its last frames took too long. */
  void closeIfOverdue(long now) {
    Disconnect overdue;
    synchronized (lock) {
      if (state != State.CLOSING || now - closingSince < CLOSE_NANOS) {
        return;
      }
      overdue = end;
      state = State.CLOSED;
      queue.clear();
      queuedBytes = 0;
    }
    closeTransport(overdue);
  }

  /** Returns how many bytes wait, frames' overhead included. */
  int queuedBytes() {
    synchronized (lock) {
      return queuedBytes;
    }
  }

  /** Returns whether something waits that only the peer can set free. Caller holds the lock. */
  private boolean isHeldUp() {
    return writing || (!queue.isEmpty() && sent - vouched >= WINDOW);
  }

  /** Sees to it that the drain runs. Caller holds the lock. */
  private void wake() {
    if (!draining && !writing && state != State.CLOSED) {
      draining = true;
      threads.workers().execute(this::drain);
    }
  }

  private void drain() {
    while (true) {
      Frame frame = null;
      byte[] ping = null;
      Disconnect close = null;
      synchronized (lock) {
        if (writing || state == State.CLOSED) {
          draining = false;
          return;
        }
        if (pingDue) {
          ping = nextPing();
        } else if (sent - vouched >= WINDOW) {
          draining = false;
          return;
        } else if (!queue.isEmpty()) {
          frame = nextFrame();
        } else if (state == State.CLOSING) {
          state = State.CLOSED;
          close = end;
        } else {
          draining = false;
          return;
        }
      }
      if (close != null) {
        closeTransport(close);
      } else if (ping != null) {
        sendPing(ping);
      } else if (frame != null) {
        transport.write(frame, this::written);
      }
    }
  }

  private Frame nextFrame() {
    Frame frame = queue.remove();
    queuedBytes -= cost(frame);
    sent += frame.size();
    pingDue = sent - pingedAt >= PING_EVERY;
    writing = true;
    heldUpSince = nanos.getAsLong();
    return frame;
  }

  private byte[] nextPing() {
    long nonce = random.nextLong();
    pings.add(new Sent(sent, nonce));
    pingedAt = sent;
    pingDue = false;
    writing = true;
    heldUpSince = nanos.getAsLong();
    return ByteBuffer.allocate(Long.BYTES).putLong(nonce).array();
  }

  private void sendPing(byte[] payload) {
    try {
      transport.ping(payload);
      written(null);
    } catch (IOException | RuntimeException e) {
      written(e);
    }
  }

  private void written(@Nullable Throwable error) {
    synchronized (lock) {
      writing = false;
      heldUpSince = nanos.getAsLong();
      wake();
    }
    if (error != null) {
      failed.accept(error);
    }
  }

  private void closeTransport(@Nullable Disconnect reason) {
    Disconnect why = reason == null ? Disconnect.GOING_AWAY : reason;
    threads.closers().execute(() -> transport.close(why));
  }

  private static int cost(Frame frame) {
    return frame.size() + FRAME_OVERHEAD;
  }
}
