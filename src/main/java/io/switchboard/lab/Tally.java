package io.switchboard.lab;

import io.switchboard.session.FrameMeter;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What one session has put on the wire, and what it cost. Safe for use by many threads. */
final class Tally implements FrameMeter {
  /** RFC 6455 section 5.2: every frame of a client carries a masking key. */
  private static final int MASK = 4;

  private final LongSupplier cpu;
  private final LongAdder requests = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder used = new LongAdder();

  Tally(LongSupplier cpu) {
    this.cpu = cpu;
  }

  /** One more request began; a WebSocket's handshake is one. */
  void request() {
    requests.increment();
  }

  void bytesReceived(long bytes) {
    received.add(bytes);
  }

  void bytesSent(long bytes) {
    sent.add(bytes);
  }

  void nanosUsed(long nanos) {
    used.add(nanos);
  }

  @Override
  public void received(long payload) {
    received.add(frameHeader(payload) + MASK + payload);
  }

  @Override
  public void sent(long payload) {
    sent.add(frameHeader(payload) + payload);
  }

  @Override
  public long mark() {
    return cpu.getAsLong();
  }

  @Override
  public void used(long mark) {
    used.add(cpu.getAsLong() - mark);
  }

  long requests() {
    return requests.sum();
  }

  long received() {
    return received.sum();
  }

  long sent() {
    return sent.sum();
  }

  long used() {
    return used.sum();
  }

  /** Two bytes, and two or eight more where the length does not fit. */
  static int frameHeader(long payload) {
    return payload < 126 ? 2 : payload < 65_536 ? 4 : 10;
  }
}
