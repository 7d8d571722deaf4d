package io.switchboard.ops;

/** What JMX shows of a node, and lets one do to it. */
public interface NodeMXBean {
  /** Returns its name, which a restart changes. */
  String getName();

  /** Returns how many sessions there are. */
  int getSessions();

  /** Returns how many of them are being caught up. */
  long getSessionsBehind();

  /** Returns how many channels have somebody listening. */
  int getChannels();

  /** Returns how many bytes wait for slow readers. */
  long getQueueBytes();

  /** Returns how many may. */
  long getMaxQueueBytes();

  /** Returns whether the engine keeps what is published now. */
  boolean isEngineAvailable();

  /** Returns whether nobody is let in any more. */
  boolean isDraining();

  /** Lets nobody in any more and ends every session. Returns at once. */
  void drain();
}
