package io.switchboard.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A TCP connection whose every byte is the test's own.
 *
 * <p>Reads block up to a {@link Deadline}: an {@link AssertionError} says that nothing came, a
 * {@link PeerGone} that nothing will. One thread reads, and one (the same or another) writes.
 */
final class RawSocket implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  // Guarded by being used from the reading thread only.
  private final byte[] buffer = new byte[16 * 1024];
  private int position;
  private int limit;

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /** How to connect: {@code from} is the local address, {@code receiveBuffer} bytes or 0. */
  record Options(String from, int receiveBuffer) {
    static final Options DEFAULT = new Options("", 0);

    static Options from(String address) {
      return new Options(address, 0);
    }

    /** A small window, so that a peer that stops reading is felt by the server at once. */
    static Options smallWindow() {
      return new Options("", 4096);
    }
  }

  static RawSocket connect(Target to) {
    return connect(to, Options.DEFAULT);
  }

  // The socket is closed by whoever asked for it.
  @SuppressWarnings("resource")
  static RawSocket connect(Target to, Options options) {
    Socket socket = new Socket();
    try {
      if (options.receiveBuffer() > 0) {
        socket.setReceiveBufferSize(options.receiveBuffer());
      }
      if (!options.from().isEmpty()) {
        socket.bind(new InetSocketAddress(options.from(), 0));
      }
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(to.host(), to.port()), 10_000);
      return new RawSocket(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect to " + to + " with " + options, e);
    }
  }

  RawSocket send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawSocket send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return this;
    } catch (SocketException e) {
      throw new PeerGone(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a byte is there before the deadline; it stays unread. */
  boolean hasByte(Deadline deadline) {
    if (position < limit) {
      return true;
    }
    try {
      socket.setSoTimeout(deadline.millis());
      int read = in.read(buffer, 0, buffer.length);
      if (read < 0) {
        throw new PeerGone(false);
      }
      position = 0;
      limit = read;
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      throw new PeerGone(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int read(Deadline deadline) {
    if (!hasByte(deadline)) {
      throw new AssertionError("nothing came within " + deadline.given());
    }
    return buffer[position++] & 0xFF;
  }

  byte[] read(int count, Deadline deadline) {
    byte[] bytes = new byte[count];
    int done = 0;
    while (done < count) {
      if (!hasByte(deadline)) {
        throw new AssertionError(
            "only " + done + " of " + count + " bytes came within " + deadline.given());
      }
      int part = Math.min(count - done, limit - position);
      System.arraycopy(buffer, position, bytes, done, part);
      position += part;
      done += part;
    }
    return bytes;
  }

  /** Reads one response; {@code method} tells whether it has a body. */
  HttpReply readHttp(String method) {
    Deadline deadline = Deadline.patient();
    HttpReply head = readHead(deadline);
    if (head.status() == 101 || head.status() == 204 || method.equals("HEAD")) {
      return head;
    }
    return new HttpReply(head.statusLine(), head.headers(), readBody(head, deadline));
  }

  /** Reads the status line and the headers of a response. */
  HttpReply readHead(Deadline deadline) {
    String statusLine = readLine(deadline);
    List<HttpReply.Header> headers = new ArrayList<>();
    for (String line = readLine(deadline); !line.isEmpty(); line = readLine(deadline)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new AssertionError("not a header line: " + line);
      }
      headers.add(
          new HttpReply.Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return new HttpReply(statusLine, headers, "");
  }

  /** Reads one chunk of a chunked body; the last one is empty. */
  byte[] readChunk(Deadline deadline) {
    int size = Integer.parseInt(readLine(deadline).strip(), 16);
    byte[] chunk = read(size, deadline);
    readLine(deadline);
    return chunk;
  }

  private String readBody(HttpReply head, Deadline deadline) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (head.hasToken("Transfer-Encoding", "chunked")) {
      for (byte[] chunk = readChunk(deadline); chunk.length > 0; chunk = readChunk(deadline)) {
        body.writeBytes(chunk);
      }
    } else if (head.header("Content-Length").isPresent()) {
      int length = Integer.parseInt(head.header("Content-Length").orElseThrow());
      body.writeBytes(read(length, deadline));
    } else {
      body.writeBytes(readToEnd(deadline));
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private String readLine(Deadline deadline) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = read(deadline); b != '\n'; b = read(deadline)) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Everything up to the end of the connection, which must come before the deadline. */
  byte[] readToEnd(Deadline deadline) {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      while (hasByte(deadline)) {
        rest.write(read(deadline));
      }
    } catch (PeerGone end) {
      return rest.toByteArray();
    }
    throw new AssertionError(
        String.format(
            Locale.ROOT,
            "the connection is still open after %s, having sent: %s",
            deadline.given(),
            rest.toString(StandardCharsets.ISO_8859_1)));
  }

  /** The server must end the connection, and send not one byte more. */
  void assertEndedByServer() {
    byte[] rest = readToEnd(Deadline.patient());
    if (rest.length > 0) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%d bytes after the end: %s",
              rest.length,
              new String(rest, StandardCharsets.ISO_8859_1)));
    }
  }

  /** Goes away as a killed process behind a closed laptop does: a reset, not a FIN. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a FIN and stays able to read. */
  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
