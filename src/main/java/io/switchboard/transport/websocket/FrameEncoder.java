package io.switchboard.transport.websocket;

import io.switchboard.protocol.Frame;
import jakarta.websocket.Encoder;

/**
 * Hands a frame to the container. It was encoded by its codec before, once for all who get it: that
 * is why this encoder has nothing left to do.
 */
public class FrameEncoder implements Encoder.Text<Frame> {
  @Override
  public String encode(Frame frame) {
    return frame.text();
  }
}
