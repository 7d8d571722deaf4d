package io.switchboard.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A wire to the server under test that counts every byte that goes over it. */
final class CountingWire implements AutoCloseable {
  private final ServerSocket near;
  private final Target server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicLong toServer = new AtomicLong();
  private final AtomicLong fromServer = new AtomicLong();

  CountingWire(Target server) {
    this.server = server;
    try {
      near = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Where to connect instead. */
  Target target() {
    return new Target("127.0.0.1", near.getLocalPort(), server.context());
  }

  long toServer() {
    return toServer.get();
  }

  long fromServer() {
    return fromServer.get();
  }

  private void accept() {
    try {
      while (!near.isClosed()) {
        Socket client = near.accept();
        Socket far = new Socket(server.host(), server.port());
        far.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(far);
        threads.execute(() -> carry(client, far, toServer));
        threads.execute(() -> carry(far, client, fromServer));
      }
    } catch (IOException e) {
      close(); // nobody connects any more
    }
  }

  private static void carry(Socket from, Socket to, AtomicLong count) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[16 * 1024];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        count.addAndGet(read); // before the other side can know of it
        out.write(bytes, 0, read);
      }
    } catch (IOException e) {
      count.addAndGet(0); // one of the two has gone
    }
  }

  @Override
  public void close() {
    try {
      near.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
