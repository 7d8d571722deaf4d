package io.switchboard.transport.websocket;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the connection and Tyrus, which takes frames of clients that are not masked.
 *
 * <p>The gate puts it there by the one door the servlet API leaves open: Tyrus asks the request to
 * upgrade, and the request is ours.
 */
public class MaskGuard implements HttpUpgradeHandler {
  private @Nullable HttpUpgradeHandler guarded;

  /** Made by the container. */
  public MaskGuard() {}

  void guard(HttpUpgradeHandler handler) {
    guarded = handler;
  }

  @Override
  public void init(WebConnection connection) {
    if (guarded != null) {
      guarded.init(new Connection(connection));
    }
  }

  @Override
  public void destroy() {
    if (guarded != null) {
      guarded.destroy();
    }
  }

  private static final class Connection implements WebConnection {
    private final WebConnection connection;
    private @Nullable ServletInputStream input;

    Connection(WebConnection connection) {
      this.connection = connection;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      ServletInputStream made = input;
      if (made == null) {
        made = new Input(connection.getInputStream());
        input = made;
      }
      return made;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      return connection.getOutputStream();
    }

    @Override
    public void close() throws IOException {
      try {
        connection.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("the connection was not closed", e);
      }
    }
  }

  private static final class Input extends ServletInputStream {
    private final ServletInputStream input;
    private final MaskScanner scanner = new MaskScanner();

    Input(ServletInputStream input) {
      this.input = input;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = input.read(bytes, offset, length);
      if (count > 0) {
        scanner.scan(bytes, offset, count);
      }
      return count;
    }

    @Override
    public int available() throws IOException {
      return input.available();
    }

    @Override
    public boolean isFinished() {
      return input.isFinished();
    }

    @Override
    public boolean isReady() {
      return input.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      input.setReadListener(listener);
    }

    @Override
    public void close() throws IOException {
      input.close();
    }
  }
}
