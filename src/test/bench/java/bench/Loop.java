package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One thread that serves all connections, and between them whoever has a schedule to keep. */
final class Loop implements AutoCloseable {
  /** Something on the loop that is called when its key is ready. */
  interface Ready {
    void ready(SelectionKey key, long now);
  }

  /** Work between connections; it returns when it wants to be called at the latest. */
  interface Between {
    /** A time far away. */
    long NEVER = Long.MAX_VALUE;

    long run(long now);
  }

  private static final int KEYS_PER_TURN = 16;
  private static final long LONGEST_WAIT_NANOS = 50_000_000;

  final Selector selector;

  /** What is read goes here first; connections copy what they must keep. */
  byte[] in = new byte[1 << 20];

  ByteBuffer inBuffer = ByteBuffer.wrap(in);

  private Between between = now -> Between.NEVER;
  private int served;

  Loop() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void between(Between work) {
    this.between = work;
  }

  /** Makes room for {@code length} bytes; what was read before stays. */
  void ensure(int length) {
    if (in.length < length) {
      in = java.util.Arrays.copyOf(in, Integer.highestOneBit(length) << 1);
      inBuffer = ByteBuffer.wrap(in);
    }
  }

  /** Serves until {@code done}, or until the time is over; returns whether it was done. */
  boolean run(BooleanSupplier done, double seconds) {
    long end = Stamp.now() + (long) (seconds * 1e9);
    try {
      while (!done.getAsBoolean()) {
        long now = Stamp.now();
        if (now >= end) {
          return done.getAsBoolean();
        }
        long due = Math.min(Math.min(between.run(now), end), now + LONGEST_WAIT_NANOS);
        long wait = due - Stamp.now();
        if (wait >= 1_000_000) {
          selector.select(this::serve, wait / 1_000_000);
        } else if (selector.selectNow(this::serve) == 0 && wait > 0) {
          LockSupport.parkNanos(Math.min(wait, 100_000));
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves for a while. */
  void run(double seconds) {
    run(() -> false, seconds);
  }

  private void serve(SelectionKey key) {
    long now = Stamp.now();
    if (++served % KEYS_PER_TURN == 0) {
      between.run(now);
    }
    ((Ready) key.attachment()).ready(key, now);
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
