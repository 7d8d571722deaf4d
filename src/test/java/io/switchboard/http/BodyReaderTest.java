package io.switchboard.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
  private final List<String> events = new ArrayList<>();

  private BodyReader reader(String body, int max) {
    return new BodyReader(
        new Input(body),
        max,
        whole -> events.add(new String(whole, StandardCharsets.UTF_8)),
        () -> events.add("too long"),
        error -> events.add("failed"));
  }

  @Test
  void aBodyThatIsReadToItsEndIsWholeWhetherTheContainerSaysSoOrNot() throws IOException {
    BodyReader reader = reader("all of it", 100);
    reader.onDataAvailable();
    assertEquals(List.of("all of it"), events);
    reader.onAllDataRead();
    reader.onError(new IOException("gone"));
    assertEquals(List.of("all of it"), events);
  }

  @Test
  void anEmptyBodyIsWholeWhenTheContainerSaysSo() {
    BodyReader reader = reader("", 100);
    reader.onAllDataRead();
    assertEquals(List.of(""), events);
  }

  @Test
  void oneThatIsTooLongIsNotReadOn() throws IOException {
    BodyReader reader = reader("all of it", 8);
    reader.onDataAvailable();
    reader.onDataAvailable();
    reader.onAllDataRead();
    assertEquals(List.of("too long"), events);
  }

  /** All of a body at once. */
  private static final class Input extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    Input(String body) {
      bytes = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] part, int offset, int length) {
      return bytes.read(part, offset, length);
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return !isFinished();
    }

    @Override
    public void setReadListener(ReadListener listener) {}
  }
}
