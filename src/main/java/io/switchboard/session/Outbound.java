package io.switchboard.session;

import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The one way out of a session: a bounded queue and a single drain.
 *
 * <p>Any thread may offer; none waits. At most one frame is under way, because Tomcat fails when
 * two overlap. Where a container reports a write as done before the peer took anything (Tyrus,
 * GlassFish, WildFly), completions bound nothing; therefore a Ping is sent after every {@link
 * #PING_EVERY} bytes, and no more than {@link #WINDOW} bytes are sent beyond the last one that came
 * back. Memory per session is bounded by the queue's size and that window, and all queues together
 * by a {@link Budget}.
 *
 * <p>A Ping's payload is a random number, so that a peer cannot answer what it has not read. Pings
 * are sent by threads that may wait, and frames do not wait for them: on Tomcat a Ping blocks while
 * the container's own Pong to a peer that reads nothing is stuck.
 */
final class Outbound {
  /** How many bytes are sent from one Ping to the next. */
  static final int PING_EVERY = 64 * 1024;

  /** How many bytes may be under way that no Pong vouches for. */
  static final int WINDOW = 256 * 1024;

  /**
   * While fewer are under way the peer keeps up, and a write may wait for it: its socket takes as
   * much, so it will not have to.
   */
  static final int TRUSTED = 128 * 1024;

  /** What a queued frame counts beyond its text, so that tiny frames are bounded too. */
  static final int FRAME_OVERHEAD = 64;

  /** How long a connection that is being closed may take for its last frames. */
  static final long CLOSE_NANOS = 5_000_000_000L;

  /** So many unanswered Pings are remembered; a peer answers the newest at least. */
  static final int MAX_PINGS = 16;

  /** Queued frames are merged to one of at most so many bytes, where the client takes arrays. */
  static final int MERGED_BYTES = 8 * 1024;

  /** After so many frames in a row the drain gives its thread to others. */
  private static final int BATCH = 64;

  /** A write that takes so long had to wait for the peer, and not just for a core. */
  static final long LONG_NANOS = 100_000_000;

  private enum State {
    OPEN,
    /** What is queued goes out, then the connection is closed. */
    CLOSING,
    CLOSED
  }

  /** A Ping under way: how much was sent before it, and the number it carries. */
  private record Sent(long position, long nonce) {}

  /** Who is told what became of the connection; called on any thread, without a lock. */
  interface Listener {
    /** The Ping that {@link #ping} asked for was sent; {@code at} is just before that. */
    void pinged(long at);

    /**
     * One write begins.
     *
     * @param run the messages in it
     * @param bytes how long they are together
     * @param at when it begins
     */
    void sending(List<Frame> run, long bytes, long at);

    /** Something could not be sent; the connection is being closed. */
    void failed(Throwable error);
  }

  private final Transport transport;
  private final Budget budget;

  /** Makes one frame of several; absent where the client takes one message at a time. */
  private final @Nullable Merger merging;

  private final SendingThreads threads;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Listener listener;

  private final Object lock = new Object();

  // All below is guarded by the lock.
  private State state = State.OPEN;
  private final ArrayDeque<Frame> queue = new ArrayDeque<>();
  private int queuedBytes;
  private boolean draining;

  /** What waits for the queue to be empty. */
  private final List<Runnable> waiting = new ArrayList<>(0);

  /** Whether a frame is under way, and since when. */
  private boolean writing;

  private long writingSince;

  /** Whether a Ping is due for the bytes that were sent, or was asked for. */
  private boolean barrierDue;

  private boolean heartbeatDue;

  /** Whether a Ping is on its way to the peer. */
  private boolean pinging;

  private long sent;

  /** A write had to wait: no other one may before what was sent by then has been read. */
  private long distrustedUntil;

  private long vouched;
  private long pingedAt;
  private final ArrayDeque<Sent> pings = new ArrayDeque<>();

  /** Since when the window has been full without a Pong that helped; counts only while it is. */
  private long fullSince;

  private Disconnect end = Disconnect.GOING_AWAY;
  private long closingSince;

  Outbound(
      Transport transport,
      Budget budget,
      @Nullable Merger merging,
      SendingThreads threads,
      LongSupplier nanos,
      RandomGenerator random,
      Listener listener) {
    this.transport = transport;
    this.budget = budget;
    this.merging = merging;
    this.threads = threads;
    this.nanos = nanos;
    this.random = random;
    this.listener = listener;
  }

  /**
   * Queues {@code frames}, the first of them first, until this queue or all queues together are
   * full. One frame always fits into an empty queue.
   *
   * @param maxBytes what this queue may hold afterwards
   * @return how many were queued; all of them if the session is ending
   */
  int offer(List<Frame> frames, int maxBytes) {
    synchronized (lock) {
      if (state != State.OPEN) {
        return frames.size();
      }
      int taken = 0;
      for (Frame frame : frames) {
        if (!queue.isEmpty() && (queuedBytes + cost(frame) > maxBytes || budget.isSpent())) {
          break;
        }
        add(frame);
        taken++;
      }
      wake();
      return taken;
    }
  }

  /** Runs {@code task} on a worker once nothing is queued; never if the session ends. */
  void whenDrained(Runnable task) {
    synchronized (lock) {
      if (state != State.OPEN) {
        return;
      }
      if (queue.isEmpty()) {
        threads.workers().execute(task);
      } else {
        waiting.add(task);
      }
    }
  }

  /** Sends a Ping when no frame is under way, unless one is already on its way. */
  void ping() {
    synchronized (lock) {
      heartbeatDue = true;
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
      if (ping.position() > vouched) {
        vouched = ping.position();
        fullSince = nanos.getAsLong();
      }
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
        clear();
      }
      add(bye);
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
      clear();
    }
  }

  /**
   * Returns whether the peer has taken nothing for {@code limit} nanoseconds although it should.
   */
  boolean isStalled(long now, long limit) {
    synchronized (lock) {
      return state != State.CLOSED
          && ((writing && now - writingSince >= limit)
              || (isFull() && !queue.isEmpty() && now - fullSince >= limit));
    }
  }

  /** Returns whether something waits that only the peer can set free. */
  boolean isHeldUp() {
    synchronized (lock) {
      return writing || isFull();
    }
  }

  /** Closes the connection if its last frames took too long. */
  void closeIfOverdue(long now) {
    synchronized (lock) {
      if (state != State.CLOSING || now - closingSince < CLOSE_NANOS) {
        return;
      }
      state = State.CLOSED;
      clear();
    }
    closeTransport();
  }

  /** Returns what waits and what is under way. */
  ClientSession.Queue look(long now) {
    synchronized (lock) {
      long since = Long.MAX_VALUE;
      if (writing) {
        since = writingSince;
      }
      if (isFull() && !queue.isEmpty()) {
        since = Math.min(since, fullSince);
      }
      return new ClientSession.Queue(
          queue.size(),
          queuedBytes,
          sent - vouched,
          Duration.ofNanos(since == Long.MAX_VALUE ? 0 : Math.max(0, now - since)));
    }
  }

  /** Returns how many bytes wait, frames' overhead included. */
  int queuedBytes() {
    synchronized (lock) {
      return queuedBytes;
    }
  }

  // The methods from here to drain are called with the lock held.

  private boolean isFull() {
    return sent - vouched >= WINDOW;
  }

  private void add(Frame frame) {
    queue.add(frame);
    queuedBytes += cost(frame);
    budget.add(cost(frame));
  }

  private Frame remove() {
    Frame frame = queue.remove();
    queuedBytes -= cost(frame);
    budget.add(-cost(frame));
    return frame;
  }

  private void clear() {
    waiting.clear();
    queue.clear();
    budget.add(-queuedBytes);
    queuedBytes = 0;
  }

  private void wake() {
    if (!draining && !writing && state != State.CLOSED) {
      draining = true;
      threads.workers().execute(this::drain);
    }
  }

  private void drain() {
    for (int frames = 0; frames < BATCH; frames++) {
      List<Frame> run;
      boolean mayWait = false;
      long at;
      synchronized (lock) {
        if (writing || state == State.CLOSED) {
          draining = false;
          return;
        }
        if ((barrierDue || heartbeatDue) && !pinging) {
          startPing();
        }
        if (isFull() || queue.isEmpty()) {
          draining = false;
          if (state != State.CLOSING || !queue.isEmpty()) {
            return;
          }
          state = State.CLOSED;
          run = List.of();
        } else {
          mayWait =
              sent - vouched <= TRUSTED && vouched >= distrustedUntil && threads.watch().mayWait();
          run = nextRun();
        }
        at = writingSince;
      }
      if (run.isEmpty()) {
        closeTransport();
        return;
      }
      Frame frame = merging == null || run.size() == 1 ? run.get(0) : merging.merge(run);
      listener.sending(run, frame.size(), at);
      if (mayWait) {
        writeAndWait(frame);
      } else {
        transport.write(frame, false, this::written);
      }
    }
    threads.workers().execute(this::drain);
  }

  private void writeAndWait(Frame frame) {
    long took = threads.watch().run(() -> transport.write(frame, true, this::written));
    if (took >= LONG_NANOS) {
      synchronized (lock) {
        distrustedUntil = sent;
      }
    }
  }

  /** Takes what goes out in one write. */
  private List<Frame> nextRun() {
    Frame first = remove();
    List<Frame> run = List.of(first);
    long bytes = first.size();
    if (merging != null && !queue.isEmpty() && !first.isBinary()) {
      run = new ArrayList<>();
      run.add(first);
      while (!queue.isEmpty()
          && !queue.element().isBinary()
          && bytes + queue.element().size() < MERGED_BYTES) {
        Frame next = remove();
        bytes += next.size() + 1;
        run.add(next);
      }
    }
    if (queue.isEmpty() && !waiting.isEmpty()) {
      waiting.forEach(threads.workers()::execute);
      waiting.clear();
    }
    sent += bytes;
    barrierDue = sent - pingedAt >= PING_EVERY;
    writing = true;
    writingSince = nanos.getAsLong();
    if (isFull()) {
      fullSince = writingSince;
    }
    return run;
  }

  private void startPing() {
    long nonce = random.nextLong();
    boolean heartbeat = heartbeatDue;
    if (pings.size() == MAX_PINGS) {
      pings.removeFirst();
    }
    pings.add(new Sent(sent, nonce));
    pingedAt = sent;
    barrierDue = false;
    heartbeatDue = false;
    pinging = true;
    byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(nonce).array();
    threads.patient().execute(() -> sendPing(payload, heartbeat));
  }

  private void sendPing(byte[] payload, boolean heartbeat) {
    Throwable error = null;
    long at = nanos.getAsLong();
    try {
      transport.ping(payload);
    } catch (IOException | RuntimeException e) {
      error = e;
    }
    synchronized (lock) {
      pinging = false;
      if (error == null) {
        wake();
      }
    }
    if (error != null) {
      fail(error);
    } else if (heartbeat) {
      listener.pinged(at);
    }
  }

  private void written(@Nullable Throwable error) {
    synchronized (lock) {
      writing = false;
      if (error == null) {
        wake();
      }
    }
    if (error != null) {
      fail(error);
    }
  }

  private void fail(Throwable error) {
    synchronized (lock) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      clear();
    }
    closeTransport();
    listener.failed(error);
  }

  private void closeTransport() {
    Disconnect reason;
    synchronized (lock) {
      reason = end;
    }
    threads.patient().execute(() -> transport.close(reason));
  }

  private static int cost(Frame frame) {
    return frame.size() + FRAME_OVERHEAD;
  }
}
