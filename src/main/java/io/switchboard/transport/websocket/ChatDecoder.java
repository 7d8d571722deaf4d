package io.switchboard.transport.websocket;

import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Codec;
import jakarta.enterprise.inject.spi.CDI;

/** Reads the messages of {@code chat}. */
public class ChatDecoder extends InputDecoder {
  @Override
  protected Codec codec() {
    return CDI.current().select(ChatCodec.class).get();
  }
}
