package io.switchboard.lab;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A response whose bytes are counted: the head when it is sent or when all is said, the body as it
 * is written. Used as the container's own response is: by one thread at a time.
 */
final class MeteredResponse extends HttpServletResponseWrapper {
  private final HttpServletResponse response;
  private final Heads heads;
  private final boolean keepAlive;

  private final Bill bill;
  private final LongSupplier cpu;

  private @Nullable MeteredOutput output;
  private long length = -1;
  private long body;

  /** Of the body, written and not yet sent as a chunk. */
  private long pending;

  private boolean headCounted;
  private boolean chunked;
  private boolean finished;

  /** Whether the filter measures the time. */
  private volatile boolean inside = true;

  /**
   * Wraps {@code response}.
   *
   * @param keepAlive whether the client asked to keep the connection, in so many words
   * @param cpu what the calling thread has used so far, in nanoseconds
   */
  MeteredResponse(
      HttpServletResponse response, Heads heads, boolean keepAlive, Bill bill, LongSupplier cpu) {
    super(response);
    this.response = response;
    this.heads = heads;
    this.keepAlive = keepAlive;
    this.bill = bill;
    this.cpu = cpu;
  }

  /** From here on time is counted where the response is written. */
  void outside() {
    inside = false;
  }

  long mark() {
    return inside ? 0 : cpu.getAsLong();
  }

  private void used(long mark) {
    if (mark != 0) {
      bill.used(cpu.getAsLong() - mark);
    }
  }

  /** Counts the time it took to end the response. */
  void ended(long mark) {
    used(mark);
  }

  void written(int bytes, long mark) {
    used(mark);
    body += bytes;
    pending += bytes;
    bill.sent(bytes);
    while (pending > heads.buffer()) {
      head();
      chunk(heads.buffer());
    }
  }

  void flushed(long mark) {
    used(mark);
    head();
    chunk(pending);
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    MeteredOutput made = output;
    if (made == null) {
      made = new MeteredOutput(super.getOutputStream(), this);
      output = made;
    }
    return made;
  }

  @Override
  public void flushBuffer() throws IOException {
    long mark = mark();
    super.flushBuffer();
    flushed(mark);
  }

  @Override
  public void setContentLength(int length) {
    this.length = length;
    super.setContentLength(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    this.length = length;
    super.setContentLengthLong(length);
  }

  /**
   * Counts what has not been counted yet; to be called before the container ends the response. The
   * second call does nothing.
   */
  void finish() {
    if (finished) {
      return;
    }
    finished = true;
    if (!headCounted && length < 0 && hasBody()) {
      length = body; // the container knows it all before it sends the first byte
    }
    head();
    chunk(pending);
    if (chunked) {
      bill.sent(Heads.lastChunk());
    }
  }

  private boolean hasBody() {
    return getStatus() != 204 && getStatus() != 304 && getStatus() >= 200;
  }

  private void head() {
    if (headCounted) {
      return;
    }
    headCounted = true;
    chunked = length < 0 && hasBody();
    bill.sent(
        heads.response(
            new Heads.Response(
                getStatus(),
                headers(response),
                keepAlive,
                chunked,
                hasBody() ? Optional.ofNullable(getContentType()).orElse("") : "",
                hasBody() ? length : -1)));
  }

  private void chunk(long size) {
    if (chunked) {
      bill.sent(Heads.chunk(size));
    }
    pending -= size;
  }

  /** Returns the header lines that the container shows. */
  static List<Heads.Header> headers(HttpServletResponse response) {
    List<Heads.Header> headers = new ArrayList<>();
    response.getHeaderNames().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .distinct()
        .forEach(
            name ->
                response
                    .getHeaders(name)
                    .forEach(value -> headers.add(new Heads.Header(name, value))));
    return headers;
  }
}
