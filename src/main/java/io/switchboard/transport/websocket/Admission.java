package io.switchboard.transport.websocket;

import io.switchboard.auth.Identity;
import io.switchboard.protocol.HandshakeRecord;
import java.security.Principal;

/**
 * What the gate found out about a client.
 *
 * <p>It travels to the endpoint as the request's principal, which is the one thing every container
 * hands on from the request of a handshake to its session.
 */
record Admission(Identity identity, String address, HandshakeRecord handshake)
    implements Principal {
  @Override
  public String getName() {
    return identity.user();
  }
}
