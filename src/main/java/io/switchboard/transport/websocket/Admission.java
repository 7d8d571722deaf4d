package io.switchboard.transport.websocket;

import io.switchboard.auth.Pass;
import io.switchboard.protocol.HandshakeRecord;
import java.security.Principal;

/**
 * What the gate found out about a client.
 *
 * <p>It travels to the endpoint as the request's principal, which is the one thing every container
 * hands on from the request of a handshake to its session.
 */
record Admission(Pass pass, String address, HandshakeRecord handshake) implements Principal {
  @Override
  public String getName() {
    return pass.identity().user();
  }
}
