package io.switchboard.lab;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/**
 * A body on its way out, counted. Used as the container's own stream is: by one thread at a time.
 */
final class MeteredOutput extends ServletOutputStream {
  private final ServletOutputStream output;
  private final MeteredResponse response;

  MeteredOutput(ServletOutputStream output, MeteredResponse response) {
    this.output = output;
    this.response = response;
  }

  @Override
  public void write(int one) throws IOException {
    long mark = response.mark();
    output.write(one);
    response.written(1, mark);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    long mark = response.mark();
    output.write(bytes, offset, length);
    response.written(length, mark);
  }

  @Override
  public void flush() throws IOException {
    long mark = response.mark();
    output.flush();
    response.flushed(mark);
  }

  @Override
  public void close() throws IOException {
    response.finish();
    output.close();
  }

  @Override
  public boolean isReady() {
    return output.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    output.setWriteListener(listener);
  }
}
