package io.switchboard.admission;

import io.switchboard.auth.OriginPolicy;

/**
 * Who is let in.
 *
 * @param origins which pages may connect
 * @param guests whether somebody without credentials may
 * @param maxConnections how many connections this node holds
 * @param maxPerAddress how many of them may come from one address
 * @param rate handshakes per second from one address in the long run
 * @param burst handshakes at once from one address
 * @param guesses wrong secrets per second from one address in the long run
 * @param proxies whose word counts for who a client is
 */
public record GateSettings(
    OriginPolicy origins,
    boolean guests,
    int maxConnections,
    int maxPerAddress,
    int rate,
    int burst,
    int guesses,
    TrustedProxies proxies) {}
