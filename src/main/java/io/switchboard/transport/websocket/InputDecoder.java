package io.switchboard.transport.websocket;

import io.switchboard.protocol.Codec;
import io.switchboard.protocol.Input;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Decoder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text message by the codec of its subprotocol. What cannot be read is decoded to a refusal
 * and never thrown, because containers disagree on what follows an exception.
 */
abstract class InputDecoder implements Decoder.Text<Input> {
  private final Class<? extends Codec> type;

  /** Looked up at first use: containers make decoders themselves, and before CDI is there. */
  private @Nullable Codec codec;

  InputDecoder(Class<? extends Codec> type) {
    this.type = type;
  }

  /** Returns the language it reads. */
  Codec codec() {
    Codec found = codec;
    if (found == null) {
      found = CDI.current().select(type).get();
      codec = found;
    }
    return found;
  }

  @Override
  public Input decode(String text) {
    return codec().decode(text);
  }

  @Override
  public boolean willDecode(String text) {
    return true;
  }
}
