package io.switchboard.session;

/**
 * Tells when to Ping a peer and when to give it up.
 *
 * <p>A Ping is due each interval. A peer that shows no life at all, be it a Pong or anything else,
 * within the timeout after a Ping was sent is dead.
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

  // Guarded by this, all of it.
  private long lastLife;
  private long askedAt;
  private long sentAt;
  private boolean waiting;

  Heartbeat(HeartbeatSettings settings, long now) {
    interval = settings.interval().toNanos();
    timeout = settings.timeout().toNanos();
    lastLife = now;
    askedAt = now;
  }

  /** Notes a sign of life. */
  synchronized void alive(long now) {
    lastLife = now;
    waiting = false;
  }

  /** Notes that the Ping that was asked for has been sent. */
  synchronized void pinged(long now) {
    sentAt = now;
    waiting = lastLife - now < 0;
  }

  /** Returns what is to be done at {@code now}. */
  synchronized Beat beat(long now) {
    if (waiting) {
      return now - sentAt >= timeout ? Beat.DEAD : Beat.NOTHING;
    }
    if (now - askedAt >= interval) {
      askedAt = now;
      return Beat.PING;
    }
    return Beat.NOTHING;
  }
}
