package io.switchboard.session;

import io.switchboard.protocol.Frame;
import java.util.List;

/**
 * Makes one frame of several, as a JSON array of what they hold: what bounds fan-out is the number
 * of writes.
 *
 * <p>Readers that keep step with each other need the same array one after the other, so the last
 * one is kept. Safe for use by many threads.
 */
final class Merger {
  private record Merged(List<Frame> parts, Frame whole) {}

  private volatile Merged last = new Merged(List.of(), new Frame("[]", 2));

  /** Returns the array of {@code parts}, which must not change any more. */
  Frame merge(List<Frame> parts) {
    Merged known = last;
    // Comparing costs little: frames that are shared are the same objects.
    if (known.parts().equals(parts)) {
      return known.whole();
    }
    int size = 1;
    int length = 1;
    for (Frame part : parts) {
      size += part.size() + 1;
      length += part.text().length() + 1;
    }
    StringBuilder text = new StringBuilder(length);
    char before = '[';
    for (Frame part : parts) {
      text.append(before).append(part.text());
      before = ',';
    }
    Frame whole = new Frame(text.append(']').toString(), size);
    last = new Merged(parts, whole);
    return whole;
  }
}
