package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;

/**
 * A client's connection of HTTP/1.1 that is kept, with the headers that Chromium sends, one request
 * after another. Everything happens on the thread of its {@link Loop}.
 */
final class Http implements Loop.Ready {
  /** Who is told what is answered. */
  interface Listener {
    /** A whole answer; valid during the call only. */
    void answered(int status, byte[] body, int length, long now);

    /** More of an answer that has no end: what has come of it and was not used yet. */
    default int more(byte[] body, int length, long now) {
      return 0;
    }

    /** The connection is gone. */
    void closed(String why);
  }

  private record Request(byte[] bytes, boolean stream, Listener listener) {}

  private static final String ALWAYS =
      "sec-ch-ua-platform: \"Linux\"\r\n"
          + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/156.0.0.0 Safari/537.36\r\n"
          + "sec-ch-ua: \"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"\r\n"
          + "sec-ch-ua-mobile: ?0\r\n"
          + "Sec-Fetch-Site: same-origin\r\n"
          + "Sec-Fetch-Mode: cors\r\n"
          + "Sec-Fetch-Dest: empty\r\n"
          + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
          + "Accept-Language: en-US,en;q=0.9\r\n";

  private final Target target;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private Request current;
  private boolean closed;

  private byte[] in = new byte[4096];
  private int length;

  /** Of the answer that is coming: where its body begins, or 0 while its head is not whole. */
  private int bodyAt;

  private int status;

  /** Its length; -1 if it comes in chunks. */
  private int contentLength;

  private byte[] body = new byte[1024];
  private int bodyLength;

  /** What went over the socket, and in how many requests. */
  long bytesRead;

  long bytesWritten;
  long requests;

  Http(Loop loop, Target target) {
    this.target = target;
    try {
      channel = SocketChannel.open(new InetSocketAddress(target.host(), target.port()));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      key = channel.register(loop.selector, SelectionKey.OP_READ, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void get(String path, String token, Listener listener) {
    String head = "GET " + path + start() + authorization(token) + "Accept: */*\r\n" + referer();
    queue(new Request((head + ALWAYS + "\r\n").getBytes(StandardCharsets.UTF_8), false, listener));
  }

  /** As an EventSource asks. */
  void stream(String path, Listener listener) {
    String head =
        "GET "
            + path
            + start()
            + "Pragma: no-cache\r\nCache-Control: no-cache\r\nAccept: text/event-stream\r\n"
            + referer();
    queue(new Request((head + ALWAYS + "\r\n").getBytes(StandardCharsets.UTF_8), true, listener));
  }

  void post(String path, String token, String json, Listener listener) {
    String head =
        "POST "
            + path
            + start()
            + "Content-Length: "
            + json.getBytes(StandardCharsets.UTF_8).length
            + "\r\n"
            + authorization(token)
            + "Content-Type: application/json\r\nAccept: */*\r\nOrigin: http://"
            + target.host()
            + ":"
            + target.port()
            + "\r\n"
            + referer();
    queue(
        new Request(
            (head + ALWAYS + "\r\n" + json).getBytes(StandardCharsets.UTF_8), false, listener));
  }

  void delete(String path, String token, Listener listener) {
    String head = "DELETE " + path + start() + authorization(token) + "Accept: */*\r\n" + referer();
    queue(new Request((head + ALWAYS + "\r\n").getBytes(StandardCharsets.UTF_8), false, listener));
  }

  void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is lost by it.
    }
  }

  private String start() {
    return " HTTP/1.1\r\nHost: "
        + target.host()
        + ":"
        + target.port()
        + "\r\nConnection: keep-alive\r\n";
  }

  private String referer() {
    return "Referer: http://" + target.host() + ":" + target.port() + "/\r\n";
  }

  private static String authorization(String token) {
    return token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
  }

  private void queue(Request request) {
    waiting.add(request);
    next();
  }

  private void next() {
    if (closed || current != null || waiting.isEmpty()) {
      return;
    }
    current = waiting.remove();
    requests++;
    bodyAt = 0;
    bodyLength = 0;
    try {
      // A request fits into the empty buffer of a socket.
      if (channel.write(ByteBuffer.wrap(current.bytes)) < current.bytes.length) {
        end("the server does not take a whole request");
      }
      bytesWritten += current.bytes.length;
    } catch (IOException e) {
      end(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void ready(SelectionKey ready, long now) {
    try {
      if (length == in.length) {
        in = Arrays.copyOf(in, in.length * 2);
      }
      int count = channel.read(ByteBuffer.wrap(in, length, in.length - length));
      if (count < 0) {
        end("the server ended the connection");
        return;
      }
      bytesRead += count;
      length += count;
      while (current != null && !closed && take(now)) {
        // As many answers as there are.
      }
    } catch (IOException e) {
      end(String.valueOf(e.getMessage()));
    }
  }

  /** Takes what there is of an answer; returns whether that was all of it. */
  private boolean take(long now) {
    if (bodyAt == 0 && !head()) {
      return false;
    }
    boolean whole = contentLength >= 0 ? fixed() : chunks();
    Request request = current;
    if (!whole) {
      if (request.stream && status == 200) {
        int used = request.listener.more(body, bodyLength, now);
        System.arraycopy(body, used, body, 0, bodyLength - used);
        bodyLength -= used;
      }
      return false;
    }
    current = null;
    request.listener.answered(status, body, bodyLength, now);
    next();
    return current != null && length > 0;
  }

  private boolean head() {
    String head = new String(in, 0, length, StandardCharsets.ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    status = Integer.parseInt(head.substring(9, 12));
    String lower = head.substring(0, end + 2).toLowerCase(Locale.ROOT);
    int at = lower.indexOf("\r\ncontent-length:");
    contentLength = status == 204 ? 0 : -1;
    if (at >= 0) {
      contentLength =
          Integer.parseInt(lower.substring(at + 17, lower.indexOf('\r', at + 2)).trim());
    }
    bodyAt = end + 4;
    consume(bodyAt);
    return true;
  }

  private boolean fixed() {
    if (length < contentLength) {
      return false;
    }
    append(0, contentLength);
    consume(contentLength);
    return true;
  }

  /** Moves whole chunks to the body; returns whether the last one has come. */
  private boolean chunks() {
    while (true) {
      int line = 0;
      while (line + 1 < length && !(in[line] == '\r' && in[line + 1] == '\n')) {
        line++;
      }
      if (line + 1 >= length) {
        return false;
      }
      int size = Integer.parseInt(new String(in, 0, line, StandardCharsets.US_ASCII), 16);
      if (length < line + 2 + size + 2) {
        return false;
      }
      append(line + 2, size);
      consume(line + 2 + size + 2);
      if (size == 0) {
        return true;
      }
    }
  }

  private void append(int from, int count) {
    if (body.length < bodyLength + count) {
      body = Arrays.copyOf(body, (bodyLength + count) * 2);
    }
    System.arraycopy(in, from, body, bodyLength, count);
    bodyLength += count;
  }

  private void consume(int count) {
    System.arraycopy(in, count, in, 0, length - count);
    length -= count;
  }

  private void end(String why) {
    if (closed) {
      return;
    }
    close();
    if (current != null) {
      current.listener.closed(why);
    }
  }
}
