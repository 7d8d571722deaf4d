package io.switchboard.transport.http;

import jakarta.servlet.AsyncContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that is answered as soon as there is something, or when its time is over. */
final class Poll implements Downstream {
  /** About how many bytes of messages one answer holds. */
  static final int MAX_BYTES = 256 * 1024;

  private final HttpConnection connection;
  private final AsyncContext async;
  private final long after;
  private final long dueAt;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean answered = new AtomicBoolean();

  /**
   * Makes one.
   *
   * @param after the newest message that the client has
   * @param dueAt when it is answered although there is nothing
   */
  Poll(HttpConnection connection, AsyncContext async, long after, long dueAt) {
    this.connection = connection;
    this.async = async;
    this.after = after;
    this.dueAt = dueAt;
  }

  @Override
  public void wake() {
    if (woken.compareAndSet(false, true)) {
      connection
          .parts()
          .workers()
          .execute(
              () -> {
                woken.set(false);
                beat(connection.parts().nanos().getAsLong());
              });
    }
  }

  @Override
  public void beat(long now) {
    List<Window.Message> messages = connection.after(after, MAX_BYTES);
    boolean over = connection.isOverAfter(after);
    if (messages.isEmpty() && !over && now - dueAt < 0) {
      return;
    }
    answer(
        messages.isEmpty() && over
            ? WholeAnswer.of(SessionsServlet.gone())
            : WholeAnswer.json(written(messages)));
  }

  private String written(List<Window.Message> messages) {
    long next = messages.isEmpty() ? after : messages.get(messages.size() - 1).number();
    int length = 40 + messages.stream().mapToInt(message -> message.text().length() + 1).sum();
    StringBuilder text = new StringBuilder(length);
    text.append("{\"next\":").append(next).append(",\"messages\":[");
    String before = "";
    for (Window.Message message : messages) {
      text.append(before).append(message.text());
      before = ",";
    }
    return text.append("]}").toString();
  }

  @Override
  public void replaced() {
    answer(WholeAnswer.of(SessionsServlet.replaced()));
  }

  @Override
  public void abort() {
    answer(WholeAnswer.of(SessionsServlet.gone()));
  }

  @Override
  public void ended() {
    answered.set(true);
    connection.detach(this);
  }

  private void answer(WholeAnswer answer) {
    if (answered.compareAndSet(false, true)) {
      answer.send(async, connection.parts().workers());
      connection.detach(this);
    }
  }
}
