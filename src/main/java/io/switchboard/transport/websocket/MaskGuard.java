package io.switchboard.transport.websocket;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the connection and Tyrus, which takes frames of clients that are not masked, and
 * drops those that came with the handshake: it is told of them before it is ready, and would then
 * wait for ever, with a connection that nobody looks after.
 *
 * <p>It also keeps a connection from being closed while the thread of its handshake is still on its
 * way out of GlassFish: the container would give that request to another connection while it is in
 * use, which then gets the answers of both.
 *
 * <p>The gate puts it there by the one door the servlet API leaves open: Tyrus asks the request to
 * upgrade, and the request is ours.
 */
public class MaskGuard implements HttpUpgradeHandler {
  private static final Logger LOG = System.getLogger(MaskGuard.class.getName());

  private @Nullable HttpUpgradeHandler guarded;
  private Later later = Runnable::run;

  /** Made by the container. */
  public MaskGuard() {}

  /** Sets whom it stands before, and what runs things when the handshake is surely through. */
  void guard(HttpUpgradeHandler handler, Later later) {
    this.guarded = handler;
    this.later = later;
  }

  @Override
  public void init(WebConnection connection) {
    if (guarded != null) {
      Connection watched = new Connection(connection);
      guarded.init(watched);
      watched.begun();
      // This is the thread of the handshake, behind all filters.
      later.run(watched::left);
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
    private @Nullable Input input;

    // Guarded by this.
    private boolean left;
    private boolean closing;

    Connection(WebConnection connection) {
      this.connection = connection;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      Input made = input;
      if (made == null) {
        made = new Input(connection.getInputStream());
        input = made;
      }
      return made;
    }

    /** Notes that Tyrus is ready for what has come meanwhile. */
    void begun() {
      if (input != null) {
        input.begun();
      }
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      return connection.getOutputStream();
    }

    void left() {
      boolean late;
      synchronized (this) {
        left = true;
        late = closing;
      }
      if (late) {
        try {
          closeNow();
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "a connection was not closed", e);
        }
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (this) {
        closing = true;
        if (!left) {
          if (input != null) {
            input.discard();
          }
          return;
        }
      }
      closeNow();
    }

    private void closeNow() throws IOException {
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
    private @Nullable Early early;

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
      Early early = new Early(listener);
      this.early = early;
      input.setReadListener(early);
    }

    void begun() {
      if (early != null) {
        early.begun();
      }
    }

    /** Makes Tyrus hear of nothing any more. */
    void discard() {
      if (early != null) {
        early.discard();
      }
    }

    @Override
    public void close() throws IOException {
      input.close();
    }
  }

  /** Holds back the news that something has come until there is somebody to read it. */
  private static final class Early implements ReadListener {
    private final ReadListener listener;

    // Guarded by this.
    private boolean begun;
    private boolean missed;
    private boolean discarding;

    Early(ReadListener listener) {
      this.listener = listener;
    }

    void begun() {
      boolean late;
      synchronized (this) {
        begun = true;
        late = missed && !discarding;
      }
      if (late) {
        try {
          listener.onDataAvailable();
        } catch (IOException e) {
          listener.onError(e);
        }
      }
    }

    synchronized void discard() {
      discarding = true;
    }

    @Override
    public void onDataAvailable() throws IOException {
      synchronized (this) {
        if (!begun) {
          missed = true;
          return;
        }
        if (discarding) {
          return;
        }
      }
      listener.onDataAvailable();
    }

    @Override
    public void onAllDataRead() throws IOException {
      synchronized (this) {
        if (discarding) {
          return;
        }
      }
      listener.onAllDataRead();
    }

    @Override
    public void onError(Throwable error) {
      synchronized (this) {
        if (discarding) {
          return;
        }
      }
      listener.onError(error);
    }
  }
}
