package io.switchboard.session;

import io.switchboard.protocol.Disconnect;
import io.switchboard.protocol.Frame;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What carries a session's frames. {@link Outbound} calls it from one thread at a time and starts
 * nothing before the last thing ended, {@link #close} excepted.
 */
public interface Transport {
  /**
   * Returns what this is called where people read it, for example {@code websocket}; it may change.
   */
  String name();

  /**
   * Returns how a dead peer of this is noticed.
   *
   * @param usual how it is noticed where nothing speaks against it
   */
  default HeartbeatSettings heartbeat(HeartbeatSettings usual) {
    return usual;
  }

  /**
   * Starts to send {@code frame}.
   *
   * @param mayWait whether it may wait for the peer meanwhile, if sending costs less then
   * @param done called once, on any thread and maybe before this returns, with what went wrong or
   *     with nothing
   */
  void write(Frame frame, boolean mayWait, Consumer<@Nullable Throwable> done);

  /**
   * Sends a Ping whose payload the peer sends back.
   *
   * @param payload at most 125 bytes
   */
  void ping(byte[] payload) throws IOException;

  /**
   * Ends the connection, now. May be called at any time, and more than once, and may take as long
   * as the container takes.
   */
  void close(Disconnect end);
}
