package io.switchboard.transport.websocket;

import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Input;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Decoder;

/**
 * Reads a text message by the codec of its subprotocol. What cannot be read is decoded to a refusal
 * and never thrown, because containers disagree on what follows an exception.
 */
abstract class InputDecoder implements Decoder.Text<Input> {
  private final Codec codec;

  /** Looks the codec up: containers make decoders themselves, so it cannot be injected. */
  InputDecoder(Class<? extends Codec> type) {
    codec = CDI.current().select(type).get();
  }

  /** Returns the language it reads. */
  Codec codec() {
    return codec;
  }

  @Override
  public Input decode(String text) {
    return codec.decode(text);
  }

  @Override
  public boolean willDecode(String text) {
    return true;
  }
}
