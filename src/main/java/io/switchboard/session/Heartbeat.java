package io.switchboard.session;

/**
 * Tells when to Ping a peer and when to give it up.
 *
 * <p>A Ping is due each interval. A peer that shows no life at all, be it a Pong or anything else,
 * within the timeout after a Ping is dead.
 */
final class Heartbeat {
  /** What is to be done. */
  enum Beat {
    NOTHING,
    PING,
    DEAD
  }

  private final long interval;
  private final long timeout;

  /** Written by the threads that receive, read by the one that beats. */
  private volatile long lastLife;

  /** When the last Ping was due. Touched by the thread that beats. */
  private long pingedAt;

  /** Touched by the thread that beats. */
  private boolean waiting;

  Heartbeat(HeartbeatSettings settings, long now) {
    interval = settings.interval().toNanos();
    timeout = settings.timeout().toNanos();
    lastLife = now;
    pingedAt = now;
  }

  /** Notes a sign of life. */
  void alive(long now) {
    lastLife = now;
  }

  /** Returns what is to be done at {@code now}. */
  Beat beat(long now) {
    if (waiting && lastLife - pingedAt >= 0) {
      waiting = false;
    }
    if (waiting && now - pingedAt >= timeout) {
      return Beat.DEAD;
    }
    if (!waiting && now - pingedAt >= interval) {
      pingedAt = now;
      waiting = true;
      return Beat.PING;
    }
    return Beat.NOTHING;
  }
}
