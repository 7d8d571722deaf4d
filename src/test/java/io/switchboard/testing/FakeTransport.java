package io.switchboard.testing;

import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import io.switchboard.session.Transport;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose peer is the test. Fails the test when two sends overlap, as Tomcat does.
 *
 * <p>Used by one thread.
 */
public final class FakeTransport implements Transport {
  /** The text of what was sent, in order; of messages of bytes, the header. */
  public final List<String> frames = new ArrayList<>();

  /** What was sent, in order. */
  public final List<Frame> sent = new ArrayList<>();

  /** Pings that the peer has not answered, oldest first. */
  public final ArrayDeque<byte[]> pings = new ArrayDeque<>();

  /** How it was closed, each time. */
  public final List<Disconnect> closes = new ArrayList<>();

  /** Whether writes end at once, on the caller's thread. */
  public boolean immediate = true;

  /** What a Ping fails with, if it does. */
  public @Nullable IOException pingFailure;

  private @Nullable Consumer<@Nullable Throwable> pending;

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public void write(Frame frame, boolean mayWait, Consumer<@Nullable Throwable> done) {
    if (pending != null) {
      throw new AssertionError("two sends overlap");
    }
    frames.add(frame.readable());
    sent.add(frame);
    if (immediate) {
      done.accept(null);
    } else {
      pending = done;
    }
  }

  /** Ends the write under way. */
  public void finish(@Nullable Throwable error) {
    Consumer<@Nullable Throwable> done = pending;
    if (done == null) {
      throw new AssertionError("no write is under way");
    }
    pending = null;
    done.accept(error);
  }

  /** Ends the write under way, if any, and all that follow at once. */
  public void resume() {
    immediate = true;
    if (pending != null) {
      finish(null);
    }
  }

  @Override
  public void ping(byte[] payload) throws IOException {
    if (pingFailure != null) {
      throw pingFailure;
    }
    pings.add(payload);
  }

  @Override
  public void close(Disconnect end) {
    closes.add(end);
  }
}
