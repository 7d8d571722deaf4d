package io.switchboard.transport.http;

import io.switchboard.concurrent.SerialExecutor;
import io.switchboard.protocol.CloseCode;
import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import io.switchboard.session.Budget;
import io.switchboard.session.ClientSession;
import io.switchboard.session.HeartbeatSettings;
import io.switchboard.session.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection made of requests: what is sent waits in a {@link Window} until the client says that
 * it has arrived, and is told to whichever request listens.
 *
 * <p>Safe for use by many threads. Its memory is bounded: {@code Outbound} sends no more than its
 * window beyond what was delivered, of which {@link #delivered} and acknowledgements tell.
 */
final class HttpConnection implements Transport {
  /** So much of what was sent by a stream is kept, in case the stream was cut meanwhile. */
  static final int KEPT = 64 * 1024;

  /** How long a request that listens may take for the last messages. */
  static final long LAST_NANOS = 5_000_000_000L;

  /** What its parts share. */
  record Parts(Executor workers, LongSupplier nanos, Budget budget, Duration timeout) {}

  /** How a request that listens is let in. */
  enum Attached {
    YES,
    /** The client says that it has what was never sent. */
    AHEAD,
    /** What follows is no longer here. */
    LOST,
    /** Everything was told, and the end too. */
    OVER
  }

  /** A Ping that is answered by the arrival of everything up to {@code number}. */
  private record Barrier(long number, ByteBuffer payload) {}

  private final byte[] secret;
  private final Parts parts;
  private final Posts posts;

  private final Object lock = new Object();

  // Guarded by the lock, all of it.
  private final Window window = new Window();
  private final ArrayDeque<Barrier> barriers = new ArrayDeque<>(0);
  private String name = "http";
  private @Nullable Downstream reader;
  private @Nullable ClientSession session;
  private @Nullable Disconnect end;
  private long endedAt;

  /** Whether nobody will be told what is left. */
  private boolean abandoned;

  HttpConnection(String secret, Parts parts) {
    this.secret = secret.getBytes(StandardCharsets.US_ASCII);
    this.parts = parts;
    this.posts = new Posts(new SerialExecutor(parts.workers()), parts.budget());
  }

  /** Names the session that it carries. */
  void bind(ClientSession session) {
    boolean over;
    synchronized (lock) {
      this.session = session;
      over = end != null;
    }
    if (over) {
      session.connectionClosed();
    }
  }

  /** Returns the session that it carries. */
  ClientSession session() {
    synchronized (lock) {
      if (session == null) {
        throw new IllegalStateException("not bound yet");
      }
      return session;
    }
  }

  /** Returns the requests that carry commands. */
  Posts posts() {
    return posts;
  }

  /** Returns whether {@code shown} is its secret, in a time that does not depend on where not. */
  boolean isSecret(String shown) {
    return MessageDigest.isEqual(secret, shown.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String name() {
    synchronized (lock) {
      return name;
    }
  }

  @Override
  public HeartbeatSettings heartbeat(HeartbeatSettings usual) {
    return new HeartbeatSettings(
        usual.interval(), parts.timeout().minus(usual.interval())); // each request is life
  }

  @Override
  public void write(Frame frame, boolean mayWait, Consumer<@Nullable Throwable> done) {
    Downstream reader;
    synchronized (lock) {
      reader = this.reader;
      if (parts.budget().isSpent() && (reader == null || window.bytes() > KEPT)) {
        abandoned = true;
      } else {
        int before = window.bytes();
        window.add(frame.text(), frame.size());
        parts.budget().add(window.bytes() - before);
      }
    }
    if (isAbandoned()) {
      done.accept(new IOException("no memory is left for who does not listen"));
      return;
    }
    done.accept(null);
    if (reader != null) {
      reader.wake();
    }
  }

  @Override
  public void ping(byte[] payload) throws IOException {
    boolean here;
    synchronized (lock) {
      here = window.bytes() == 0;
      if (!here) {
        barriers.add(new Barrier(window.last(), ByteBuffer.wrap(payload)));
      }
    }
    if (here) {
      session().delivered(payload);
    }
  }

  @Override
  public void close(Disconnect end) {
    Downstream reader;
    synchronized (lock) {
      if (this.end != null) {
        return;
      }
      this.end = end;
      // Whoever comes back after that long, or to what is lost, is told that it is gone.
      abandoned |=
          end.code() == CloseCode.NO_PONG.number()
              || end.code() == CloseCode.LOSS_DETECTED.number();
      endedAt = parts.nanos().getAsLong();
      reader = this.reader;
      if (session == null) {
        return; // told when it is bound
      }
    }
    if (reader == null) {
      session().connectionClosed(end.code());
    } else {
      reader.wake();
    }
  }

  /** The client leaves. */
  void leave() {
    synchronized (lock) {
      abandoned = true;
    }
    close(new Disconnect(CloseCode.NORMAL.number(), "", false));
    session().connectionClosed(CloseCode.NORMAL.number());
  }

  private boolean isAbandoned() {
    synchronized (lock) {
      return abandoned;
    }
  }

  /** Gives back what it holds, where nobody listens: others need it. */
  void giveWay() {
    synchronized (lock) {
      if (reader != null || end != null || window.bytes() == 0) {
        return;
      }
      abandoned = true;
    }
    session().close(Disconnect.OVERLOADED);
  }

  /** Returns whether it has ended. */
  boolean isOver() {
    synchronized (lock) {
      return end != null;
    }
  }

  /** Returns whether nobody can want anything of it any more. */
  boolean isForgotten(long now) {
    synchronized (lock) {
      return end != null
          && reader == null
          && (abandoned || window.bytes() == 0 || now - endedAt >= parts.timeout().toNanos());
    }
  }

  /** Gives back what it held. */
  void forget() {
    synchronized (lock) {
      parts.budget().add(-window.bytes());
      window.acknowledge(Long.MAX_VALUE);
    }
    posts.forget();
  }

  /** Looks after the request that listens. */
  void beat(long now) {
    Downstream reader;
    boolean overdue;
    synchronized (lock) {
      reader = this.reader;
      overdue = end != null && now - endedAt >= LAST_NANOS;
    }
    if (reader == null) {
      return;
    }
    if (overdue) {
      reader.abort();
    } else {
      reader.beat(now);
    }
  }

  /** Notes that the client has everything up to {@code number}; returns whether that can be. */
  Attached acknowledge(long number) {
    synchronized (lock) {
      if (number > window.last()) {
        return Attached.AHEAD;
      }
      if (!window.holdsAfter(number)) {
        return Attached.LOST;
      }
      int before = window.bytes();
      window.acknowledge(number);
      parts.budget().add(window.bytes() - before);
    }
    arrived(number);
    return Attached.YES;
  }

  /**
   * Lets {@code downstream} listen, in place of what listened before.
   *
   * @param called what the transport is called from now on
   * @param after the newest message that the client has
   */
  Attached attach(Downstream downstream, String called, long after) {
    Attached attached = acknowledge(after);
    if (attached != Attached.YES) {
      return attached;
    }
    Downstream before;
    synchronized (lock) {
      if (end != null && window.isEmptyAfter(after)) {
        return Attached.OVER;
      }
      before = reader;
      reader = downstream;
      name = called;
    }
    if (before != null) {
      before.replaced();
    }
    return Attached.YES;
  }

  /** Notes that {@code downstream} listens no more. */
  void detach(Downstream downstream) {
    Disconnect over;
    synchronized (lock) {
      if (reader != downstream) {
        return;
      }
      reader = null;
      over = end;
    }
    if (over != null) {
      session().connectionClosed(over.code());
    }
  }

  /** Returns the number before the oldest message that is here. */
  long oldest() {
    synchronized (lock) {
      return window.oldest();
    }
  }

  /** Returns the newest number that the client is known to have. */
  long acknowledged() {
    synchronized (lock) {
      return window.acknowledged();
    }
  }

  /** Returns what follows {@code number}, as {@link Window#after} does. */
  List<Window.Message> after(long number, int maxBytes) {
    synchronized (lock) {
      return window.after(number, maxBytes);
    }
  }

  /** Returns whether there will be nothing after {@code number}. */
  boolean isOverAfter(long number) {
    synchronized (lock) {
      return end != null && window.isEmptyAfter(number);
    }
  }

  /** Notes that everything up to {@code number} is on its way, by a stream. */
  void delivered(long number) {
    synchronized (lock) {
      int before = window.bytes();
      window.trim(number, KEPT);
      parts.budget().add(window.bytes() - before);
    }
    arrived(number);
  }

  private void arrived(long number) {
    List<byte[]> payloads = new ArrayList<>(0);
    ClientSession session;
    synchronized (lock) {
      while (!barriers.isEmpty() && barriers.element().number() <= number) {
        payloads.add(barriers.remove().payload().array());
      }
      session = this.session;
    }
    if (session != null) {
      payloads.forEach(session::delivered);
    }
  }

  Parts parts() {
    return parts;
  }
}
