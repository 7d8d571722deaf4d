package io.switchboard.transport.websocket;

import io.switchboard.protocol.SuperchatCodec;

/** Reads the messages of {@code superchat}. */
public class SuperchatDecoder extends InputDecoder {
  /** Made by containers, and by the endpoint. */
  public SuperchatDecoder() {
    super(SuperchatCodec.class);
  }
}
