package io.switchboard.admission;

import io.switchboard.auth.OriginPolicy;
import java.util.List;

/**
 * Who is let in.
 *
 * @param origins which pages may connect
 * @param guests whether somebody without credentials may
 * @param maxConnections how many connections this node holds
 * @param maxPerAddress how many of them may come from one address
 * @param rate handshakes per second from one address in the long run
 * @param burst handshakes at once from one address
 * @param proxies whose word counts for who a client is
 * @param roles which roles of the container are of interest: it can only be asked for each
 */
public record GateSettings(
    OriginPolicy origins,
    boolean guests,
    int maxConnections,
    int maxPerAddress,
    int rate,
    int burst,
    TrustedProxies proxies,
    List<String> roles) {
  /** Copies the list. */
  public GateSettings {
    roles = List.copyOf(roles);
  }
}
