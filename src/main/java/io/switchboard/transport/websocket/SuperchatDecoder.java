package io.switchboard.transport.websocket;

import io.switchboard.protocol.Codec;
import io.switchboard.protocol.SuperchatCodec;
import jakarta.enterprise.inject.spi.CDI;

/** Reads the messages of {@code superchat}. */
public class SuperchatDecoder extends InputDecoder {
  @Override
  protected Codec codec() {
    return CDI.current().select(SuperchatCodec.class).get();
  }
}
