package io.switchboard.transport.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server-Sent Events: an answer that goes on until the connection or its reader ends (HTML Living
 * Standard, section 9.2).
 */
final class EventStream implements Downstream, ResponseWriter.Source {
  private static final Logger LOG = System.getLogger(EventStream.class.getName());

  /** So often at least something is sent, for proxies that cut what is quiet. */
  static final long COMMENT_NANOS = 15_000_000_000L;

  /** About how many bytes are written at once. */
  private static final int MAX_BYTES = 32 * 1024;

  /** What a reader does that is cut off: it comes back after so many milliseconds. */
  private static final String HELLO = ": switchboard\nretry: 1000\n\n";

  private static final String COMMENT = ":\n\n";
  private static final String REPLACED = "event: replaced\ndata: {}\n\n";

  private final HttpConnection connection;
  private final ResponseWriter writer;

  private final Object lock = new Object();

  // Guarded by the lock.
  private String extra = HELLO;
  private long sent;
  private long writtenAt;
  private boolean replaced;
  private boolean started;

  /**
   * Makes one.
   *
   * @param after the newest message that the client has
   */
  EventStream(HttpConnection connection, AsyncContext async, long after) throws IOException {
    this.connection = connection;
    this.sent = after;
    this.writtenAt = connection.parts().nanos().getAsLong();
    HttpServletResponse response = (HttpServletResponse) async.getResponse();
    this.writer =
        new ResponseWriter(async, response.getOutputStream(), this, connection.parts().workers());
  }

  /** Sends the headers, and goes on from there. */
  void start(HttpServletResponse response) {
    response.setStatus(200);
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no"); // nginx
    synchronized (lock) {
      started = true;
    }
    try {
      writer.start();
    } catch (IllegalStateException e) {
      LOG.log(Level.TRACE, "a stream was replaced before it had begun", e);
    }
  }

  @Override
  public byte @Nullable [] next() {
    synchronized (lock) {
      StringBuilder text = new StringBuilder(extra);
      extra = "";
      if (!replaced) {
        List<Window.Message> messages = connection.after(sent, MAX_BYTES);
        for (Window.Message message : messages) {
          text.append("id: ").append(message.number()).append("\ndata: ");
          text.append(message.text()).append("\n\n");
          sent = message.number();
        }
      }
      if (text.length() == 0) {
        return null;
      }
      writtenAt = connection.parts().nanos().getAsLong();
      return text.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  @Override
  public boolean isOver() {
    synchronized (lock) {
      return replaced || connection.isOverAfter(sent);
    }
  }

  @Override
  public void flushed() {
    long number;
    synchronized (lock) {
      number = sent;
    }
    connection.delivered(number);
  }

  @Override
  public void ended() {
    writer.ended();
    connection.detach(this);
  }

  @Override
  public void wake() {
    writer.wake();
  }

  @Override
  public void replaced() {
    synchronized (lock) {
      replaced = true;
      extra = REPLACED;
      if (!started) {
        return; // it will be the first that is written
      }
    }
    if (!writer.wake()) {
      writer.abort(); // its reader takes nothing, most likely because it is gone
    }
  }

  @Override
  public void beat(long now) {
    synchronized (lock) {
      if (now - writtenAt < COMMENT_NANOS || !extra.isEmpty()) {
        return;
      }
      extra = COMMENT;
    }
    writer.wake();
  }

  @Override
  public void abort() {
    writer.abort();
  }
}
