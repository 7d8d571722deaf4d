package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A connection that publishes; its messages are numbered from 0. */
abstract class Publisher {
  private static final long FIRST_ID = 1_000_000_000L;

  private final int index;
  private byte[] template = new byte[0];
  private int idAt;
  private int dataAt;

  /** How many were sent, and how many of them were answered. */
  long sent;

  long answered;
  String trouble = "";

  private Publisher(int index) {
    this.index = index;
  }

  abstract boolean isReady();

  /** Returns whether it can send one more now. */
  abstract boolean isFree();

  abstract void send(byte[] message);

  final void template(String text) {
    template = text.getBytes(StandardCharsets.UTF_8);
    dataAt = text.indexOf("\"bench:");
    idAt = text.indexOf(String.valueOf(FIRST_ID));
  }

  /** Publishes the next one, which says that it was due at {@code time}. */
  final void publish(long time) {
    Stamp.write(template, dataAt, time, index, sent);
    if (idAt >= 0) {
      Stamp.digits(template, idAt, 10, FIRST_ID + sent);
    }
    sent++;
    send(template);
  }

  final void complain(String what) {
    if (trouble.isEmpty()) {
      trouble = what;
    }
  }

  /** Over a WebSocket, without waiting for answers. */
  static final class OverWebSocket extends Publisher implements WebSocket.Listener {
    private final Dialect dialect;
    private final WebSocket socket;
    private boolean ready;

    OverWebSocket(int index, Loop loop, Target target, Dialect dialect, String channel, int size) {
      super(index);
      this.dialect = dialect;
      template(dialect.publish(FIRST_ID, channel, Stamp.blank(size)));
      try {
        this.socket = new WebSocket(loop, target, 0, this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    boolean isReady() {
      return ready;
    }

    @Override
    boolean isFree() {
      return ready;
    }

    @Override
    void send(byte[] message) {
      socket.send(message, message.length);
    }

    @Override
    public void opened(WebSocket opened) {
      ready = dialect.opened(opened, null);
    }

    @Override
    public void message(WebSocket from, byte[] bytes, int start, int to, long now) {
      String text = new String(bytes, start, to - start, StandardCharsets.UTF_8);
      switch (dialect.message(from, text)) {
        case READY -> ready = true;
        case PUBLISHED -> {
          for (int at = text.indexOf("\"re\":"); at >= 0; at = text.indexOf("\"re\":", at + 1)) {
            answered++;
          }
        }
        case REFUSED -> complain("a publisher was told " + text);
        default -> {}
      }
    }

    @Override
    public void closed(WebSocket closed, String why) {
      complain("a publisher: " + why);
    }
  }

  /** By {@code POST}, one at a time on a connection that is kept. */
  static final class OverHttp extends Publisher implements Loop.Ready {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(16384);
    private boolean connected;
    private boolean waiting;

    /**
     * @param authorization the value of that header; empty for none
     * @param body holds the payload
     */
    OverHttp(int index, Loop loop, Target target, String authorization, String body) {
      super(index);
      template(
          "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s"
              .formatted(
                  target.path(),
                  target.host(),
                  target.port(),
                  authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n",
                  body.length(),
                  body));
      try {
        channel = SocketChannel.open(new InetSocketAddress(target.host(), target.port()));
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = channel.register(loop.selector, SelectionKey.OP_READ, this);
        connected = true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    boolean isReady() {
      return connected;
    }

    @Override
    boolean isFree() {
      return connected && !waiting;
    }

    @Override
    void send(byte[] message) {
      try {
        waiting = true;
        if (channel.write(ByteBuffer.wrap(message)) < message.length) {
          end("the server does not take a whole request");
        }
      } catch (IOException e) {
        end(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void ready(SelectionKey ready, long now) {
      try {
        if (channel.read(in) < 0) {
          end("the server ended the connection");
          return;
        }
      } catch (IOException e) {
        end(String.valueOf(e.getMessage()));
        return;
      }
      String answer = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
      if (isWhole(answer)) {
        in.clear();
        waiting = false;
        if (answer.startsWith("HTTP/1.1 2")) {
          answered++;
        } else {
          end("a publisher was answered " + answer);
        }
      }
    }

    private static boolean isWhole(String answer) {
      int body = answer.indexOf("\r\n\r\n") + 4;
      if (body < 4) {
        return false;
      }
      String head = answer.substring(0, body).toLowerCase(java.util.Locale.ROOT);
      int length = head.indexOf("content-length:");
      if (length >= 0) {
        String value = head.substring(length + 15, head.indexOf('\r', length)).trim();
        return answer.length() - body >= Integer.parseInt(value);
      }
      return !head.contains("transfer-encoding: chunked") || answer.endsWith("0\r\n\r\n");
    }

    private void end(String why) {
      complain(why);
      connected = false;
      key.cancel();
    }
  }
}
