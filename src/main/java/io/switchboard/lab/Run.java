package io.switchboard.lab;

import io.switchboard.channel.ChannelName;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One stream of publications at a steady rate, on a channel of its own. Safe for many threads. */
final class Run {
  /** What somebody asked for. */
  record Wish(double rate, int size) {}

  private final String id;
  private final Wish wish;
  private final Instant ends;
  private final ChannelName channel;
  private final AtomicLong published = new AtomicLong();

  /** When nobody listened for the first time in a row, in nanoseconds; guarded by this. */
  private @Nullable Long aloneSince;

  Run(String id, Wish wish, Instant ends) {
    this.id = id;
    this.wish = wish;
    this.ends = ends;
    this.channel = new ChannelName(Lab.NAMESPACE + ":" + id);
  }

  String id() {
    return id;
  }

  Wish wish() {
    return wish;
  }

  Instant ends() {
    return ends;
  }

  ChannelName channel() {
    return channel;
  }

  /** Returns the number of the next publication, from 1. */
  long next() {
    return published.incrementAndGet();
  }

  long published() {
    return published.get();
  }

  /** Notes whether somebody listens; returns for how long nobody has, in nanoseconds. */
  synchronized long alone(boolean heard, long now) {
    if (heard) {
      aloneSince = null;
      return 0;
    }
    if (aloneSince == null) {
      aloneSince = now;
    }
    return now - aloneSince;
  }
}
