package io.switchboard.ops;

import io.switchboard.protocol.Disconnect;
import io.switchboard.session.ClientSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/**
 * One line for each connection that ended, to the logger {@value #NAME}: who, from where, how, how
 * long and how much. Never what was said, and no credentials. Safe for use by many threads.
 */
public final class ConnectionLog {
  /** Where it goes, for those who send it elsewhere. */
  public static final String NAME = "io.switchboard.access";

  private static final Logger LOG = System.getLogger(NAME);

  private final boolean on;
  private final Clock clock;

  /** Makes one, which says nothing unless it is {@code on}. */
  public ConnectionLog(boolean on, Clock clock) {
    this.on = on;
    this.clock = clock;
  }

  /** Writes down that the connection of {@code session} ended with that close code. */
  public void closed(ClientSession session, int code) {
    if (on && LOG.isLoggable(Level.INFO)) {
      // As one parameter: a formatter that writes JSON finds a map, others the line it makes.
      LOG.log(Level.INFO, "{0}", line(session, code));
    }
  }

  LogLine line(ClientSession session, int code) {
    Duration lasted = Duration.between(session.origin().since(), clock.instant());
    return new LogLine("connection ended")
        .with("session", session.id())
        .with("user", session.identity().user())
        .with("address", session.origin().address())
        .with("transport", session.transport())
        .with("subprotocol", session.codec().subprotocol())
        .with("seconds", String.format(Locale.ROOT, "%.3f", lasted.toMillis() / 1000.0))
        .with("messagesIn", session.counts().messagesIn())
        .with("messagesOut", session.counts().messagesOut())
        .with("bytesIn", session.counts().bytesIn())
        .with("bytesOut", session.counts().bytesOut())
        .with("code", code)
        .with("reason", session.end().map(Disconnect::reason).orElse(""));
  }
}
