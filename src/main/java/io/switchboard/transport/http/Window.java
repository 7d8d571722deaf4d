package io.switchboard.transport.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages that a client may not have yet, numbered from 1 without holes. Not safe for use by
 * many threads.
 */
final class Window {
  /** What a message counts beyond its text, so that tiny ones are bounded too. */
  static final int OVERHEAD = 64;

  /** One of the messages: a JSON object of {@code size} bytes on the wire. */
  record Message(long number, String text, int size) {
    /** What it holds in memory: one byte for each character if it is ASCII, otherwise two. */
    int cost() {
      return (size == text.length() ? size : 2 * text.length()) + OVERHEAD;
    }
  }

  private final ArrayDeque<Message> messages = new ArrayDeque<>(0);
  private long last;
  private long acknowledged;
  private int bytes;

  /** Adds a message of {@code size} bytes. */
  void add(String text, int size) {
    Message message = new Message(++last, text, size);
    messages.add(message);
    bytes += message.cost();
  }

  /** Returns the number of the newest message; 0 before the first. */
  long last() {
    return last;
  }

  /** Returns the newest number that the client said it has. */
  long acknowledged() {
    return acknowledged;
  }

  /** Returns how many bytes are held, overhead included. */
  int bytes() {
    return bytes;
  }

  /** Returns whether there is nothing newer than {@code number}. */
  boolean isEmptyAfter(long number) {
    return last <= number;
  }

  /**
   * Returns whether everything after {@code number} is still here that the client does not have. A
   * number below one that it acknowledged is of a request that came late, or twice.
   */
  boolean holdsAfter(long number) {
    return Math.max(number, acknowledged) >= oldest();
  }

  /** Returns the number before the oldest message that is here. */
  long oldest() {
    return last - messages.size();
  }

  /** Forgets what the client has: everything up to {@code number}. */
  void acknowledge(long number) {
    acknowledged = Math.max(acknowledged, number);
    while (!messages.isEmpty() && messages.element().number() <= number) {
      bytes -= messages.remove().cost();
    }
  }

  /** Forgets the oldest of what was sent, up to {@code number}, until no more than that is held. */
  void trim(long number, int maxBytes) {
    while (bytes > maxBytes && !messages.isEmpty() && messages.element().number() <= number) {
      bytes -= messages.remove().cost();
    }
  }

  /**
   * Returns what follows {@code number}: one message at least if there is any, and not much more
   * than {@code maxBytes} of them.
   */
  List<Message> after(long number, int maxBytes) {
    List<Message> run = new ArrayList<>();
    int taken = 0;
    for (Message message : messages) {
      if (message.number() > number) {
        if (taken >= maxBytes) {
          break;
        }
        run.add(message);
        taken += message.size();
      }
    }
    return run;
  }
}
