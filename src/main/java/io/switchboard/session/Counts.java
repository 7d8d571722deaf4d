package io.switchboard.session;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one session has carried, which counts for its transport as well. Safe for use by many
 * threads.
 */
public final class Counts {
  private final Transport transport;
  private final SessionMeter meter;
  private final AtomicLong messagesIn = new AtomicLong();
  private final AtomicLong messagesOut = new AtomicLong();
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();

  /** On how many channels it is being caught up. */
  private final AtomicInteger behind = new AtomicInteger();

  /** Of the transport that was used last, which changes where there is no WebSocket. */
  private volatile Flow flow;

  Counts(Transport transport, SessionMeter meter) {
    this.transport = transport;
    this.meter = meter;
    this.flow = meter.flow(transport.name());
  }

  void received() {
    messagesIn.incrementAndGet();
    flow().received();
  }

  /** Counts bytes of a message, be it whole or a part; to be called before what is made of it. */
  public void arrived(long bytes) {
    bytesIn.addAndGet(bytes);
    flow().arrived(bytes);
  }

  void queued(int messages) {
    messagesOut.addAndGet(messages);
  }

  void sent(int messages, long bytes) {
    bytesOut.addAndGet(bytes);
    flow().sent(messages, bytes);
  }

  /** Notes that it is being caught up on one more channel, or with -1 on one less. */
  public void behind(int change) {
    behind.addAndGet(change);
  }

  private Flow flow() {
    String name = transport.name();
    Flow known = flow;
    if (!known.transport().equals(name)) {
      known = meter.flow(name);
      flow = known;
    }
    return known;
  }

  /** Returns how many messages of the client have come; a batch is one. */
  public long messagesIn() {
    return messagesIn.get();
  }

  /** Returns how many messages were queued for the client. */
  public long messagesOut() {
    return messagesOut.get();
  }

  /** Returns how many bytes of the client's messages have come. */
  public long bytesIn() {
    return bytesIn.get();
  }

  /** Returns how many bytes of messages were written for the client. */
  public long bytesOut() {
    return bytesOut.get();
  }

  /** Returns whether it is being caught up on some channel, because it was too slow or away. */
  public boolean isBehind() {
    return behind.get() > 0;
  }
}
