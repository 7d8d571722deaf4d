package io.switchboard.hub;

import io.switchboard.protocol.Push;
import java.util.List;

/**
 * Publications that are told together.
 *
 * @param pushes oldest first; ephemeral ones among them have no offset
 * @param first the first offset; 0 if there is none
 * @param last the last offset; 0 if there is none
 * @param whole whether no offset between the two is missing
 */
record Run(List<Push.Published> pushes, long first, long last, boolean whole) {
  static Run of(List<Push.Published> pushes) {
    long first = 0;
    long last = 0;
    boolean whole = true;
    for (Push.Published push : pushes) {
      long offset = push.publication().offset();
      if (offset != 0) {
        whole &= last == 0 || offset == last + 1;
        first = first == 0 ? offset : first;
        last = offset;
      }
    }
    return new Run(pushes, first, last, whole);
  }

  /** Returns whether this is what comes next for who was told all up to {@code offset}. */
  boolean follows(long offset) {
    return whole && (first == 0 || first == offset + 1);
  }
}
