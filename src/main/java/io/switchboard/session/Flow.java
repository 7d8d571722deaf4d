package io.switchboard.session;

import java.util.concurrent.atomic.LongAdder;

/** What all sessions have carried over one kind of transport. Safe for use by many threads. */
public final class Flow {
  private final String transport;
  private final LongAdder messagesIn = new LongAdder();
  private final LongAdder messagesOut = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();

  /** Makes one for the transport of that name. */
  public Flow(String transport) {
    this.transport = transport;
  }

  /** Returns what the transport is called. */
  public String transport() {
    return transport;
  }

  /** A message of a client has come; a batch is one. */
  void received() {
    messagesIn.increment();
  }

  /** Bytes of a client's messages have come. */
  void arrived(long bytes) {
    bytesIn.add(bytes);
  }

  /** One write for a client, which carries so many messages. */
  void sent(int messages, long bytes) {
    messagesOut.add(messages);
    bytesOut.add(bytes);
  }

  /** Returns how many messages of clients have come. */
  public long messagesIn() {
    return messagesIn.sum();
  }

  /** Returns how many messages were written for clients. */
  public long messagesOut() {
    return messagesOut.sum();
  }

  /** Returns how many bytes of clients' messages have come. */
  public long bytesIn() {
    return bytesIn.sum();
  }

  /** Returns how many bytes of messages were written for clients. */
  public long bytesOut() {
    return bytesOut.sum();
  }
}
