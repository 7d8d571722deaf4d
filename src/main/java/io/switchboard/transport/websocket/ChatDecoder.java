package io.switchboard.transport.websocket;

import io.switchboard.protocol.ChatCodec;

/** Reads the messages of {@code chat}. */
public class ChatDecoder extends InputDecoder {
  /** Made by containers, and by the endpoint. */
  public ChatDecoder() {
    super(ChatCodec.class);
  }
}
