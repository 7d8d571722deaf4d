package io.switchboard.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MaskGuardTest {
  private final List<String> events = new ArrayList<>();
  private final Peer peer = new Peer();
  private final MaskGuard guard = new MaskGuard();
  private final List<Runnable> soon = new ArrayList<>();

  private WebConnection begin() {
    List<WebConnection> given = new ArrayList<>();
    guard.guard(
        new HttpUpgradeHandler() {
          @Override
          public void init(WebConnection connection) {
            given.add(connection);
            try {
              connection.getInputStream().setReadListener(new Reader());
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }

          @Override
          public void destroy() {}
        },
        soon::add);
    guard.init(peer);
    return given.get(0);
  }

  @Test
  void isNotClosedWhileItsHandshakeIsServed() throws Exception {
    WebConnection connection = begin();
    connection.close();
    assertEquals(List.of(), events);
    soon.remove(0).run();
    assertEquals(List.of("closed"), events);
  }

  @Test
  void isClosedAtOnceAfterwards() throws Exception {
    WebConnection connection = begin();
    soon.remove(0).run();
    assertEquals(List.of(), events);
    connection.close();
    assertEquals(List.of("closed"), events);
  }

  @Test
  void nothingIsHeardOnceItIsToBeClosed() throws Exception {
    WebConnection connection = begin();
    peer.listening().onDataAvailable();
    connection.close();
    peer.listening().onDataAvailable();
    peer.listening().onAllDataRead();
    peer.listening().onError(new IOException("gone"));
    assertEquals(List.of("data"), events);
  }

  private final class Reader implements ReadListener {
    @Override
    public void onDataAvailable() {
      events.add("data");
    }

    @Override
    public void onAllDataRead() {
      events.add("end");
    }

    @Override
    public void onError(Throwable error) {
      events.add("error");
    }
  }

  /** The container's side. */
  private final class Peer implements WebConnection {
    private @Nullable ReadListener listener;

    ReadListener listening() {
      if (listener == null) {
        throw new AssertionError("nobody listens");
      }
      return listener;
    }

    @Override
    public ServletInputStream getInputStream() {
      return new ServletInputStream() {
        @Override
        public int read() {
          return -1;
        }

        @Override
        public boolean isFinished() {
          return false;
        }

        @Override
        public boolean isReady() {
          return false;
        }

        @Override
        public void setReadListener(ReadListener listening) {
          listener = listening;
        }
      };
    }

    @Override
    public ServletOutputStream getOutputStream() {
      throw new AssertionError("nothing is written");
    }

    @Override
    public void close() {
      events.add("closed");
    }
  }
}
