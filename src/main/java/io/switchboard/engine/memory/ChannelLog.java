package io.switchboard.engine.memory;

import io.switchboard.channel.Publication;
import io.switchboard.channel.StreamPosition;
import java.util.ArrayDeque;

/** The log of one channel. Touched by the broker's serial executor only. */
final class ChannelLog {
  final String epoch;
  final ArrayDeque<Publication> kept = new ArrayDeque<>();
  long top;

  ChannelLog(String epoch) {
    this.epoch = epoch;
  }

  StreamPosition position() {
    return new StreamPosition(epoch, top);
  }
}
