package io.switchboard.transport.websocket;

import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Input;
import jakarta.websocket.Decoder;

/**
 * Reads a text message by the codec of its subprotocol. What cannot be read is decoded to a refusal
 * and never thrown, because containers disagree on what follows an exception.
 */
abstract class InputDecoder implements Decoder.Text<Input> {
  /** Returns the codec; containers make decoders themselves, so it cannot be injected. */
  protected abstract Codec codec();

  @Override
  public Input decode(String text) {
    return codec().decode(text);
  }

  @Override
  public boolean willDecode(String text) {
    return true;
  }
}
