package io.switchboard.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Reads a body as it comes, and never waits. Called by one thread at a time. */
public final class BodyReader implements ReadListener {
  private static final int PART = 4096;

  private final ServletInputStream in;
  private final int max;
  private final Consumer<byte[]> whole;
  private final Runnable tooLong;
  private final Consumer<Throwable> failed;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private final AtomicBoolean done = new AtomicBoolean();

  /**
   * Makes one for a body of at most {@code max} bytes.
   *
   * @param whole takes it
   * @param tooLong is told that it is longer; the rest is not read
   * @param failed takes the reason why it did not come
   */
  public BodyReader(
      ServletInputStream in,
      int max,
      Consumer<byte[]> whole,
      Runnable tooLong,
      Consumer<Throwable> failed) {
    this.in = in;
    this.max = max;
    this.whole = whole;
    this.tooLong = tooLong;
    this.failed = failed;
  }

  /** Begins. */
  public void start() {
    in.setReadListener(this);
  }

  @Override
  public void onDataAvailable() throws IOException {
    byte[] part = new byte[PART];
    while (!done.get() && in.isReady()) {
      int length = in.read(part);
      if (length < 0) {
        break;
      }
      if (body.size() + length > max) {
        if (done.compareAndSet(false, true)) {
          tooLong.run();
        }
        return;
      }
      body.write(part, 0, length);
    }
    // GlassFish 8 does not always say so.
    if (!done.get() && in.isFinished()) {
      onAllDataRead();
    }
  }

  @Override
  public void onAllDataRead() {
    if (done.compareAndSet(false, true)) {
      whole.accept(body.toByteArray());
    }
  }

  @Override
  public void onError(Throwable error) {
    if (done.compareAndSet(false, true)) {
      failed.accept(error);
    }
  }
}
