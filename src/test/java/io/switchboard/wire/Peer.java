package io.switchboard.wire;

import jakarta.json.JsonObject;

/**
 * A client of {@code superchat} over one of the transports, for what all of them promise.
 *
 * <p>Quotes in what it says may be single. Used by one thread.
 */
interface Peer {
  /** Begins a session; {@code query} is empty or holds a ticket. */
  JsonObject connect(String command, String query);

  /** Says something and returns the answer to it. */
  JsonObject ask(String command);

  /** Says something as it is, which is answered or not. */
  void say(String text);

  /** Returns the next message that is no answer; pings are passed over. */
  JsonObject next();

  /** The network goes away in the middle of it all, with what was on its way. */
  void cut();

  /** Comes back as a client does: with what it knows of its session, or of its channels. */
  void resume();

  /** Waits until the server ends the session and returns the {@code bye}. */
  default JsonObject bye() {
    while (true) {
      JsonObject message = next();
      if (message.getString("type").equals("bye")) {
        return message;
      }
    }
  }

  /** What the server calls its transport. */
  String transport();
}
