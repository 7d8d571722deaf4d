package bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * A client's end of one WebSocket (RFC 6455), as small as a load generator can do with.
 *
 * <p>Texts only, no extensions. Pings and closes are answered, the accept key is verified,
 * fragments are put together. Everything happens on the thread of its {@link Loop}.
 */
final class WebSocket implements Loop.Ready {
  /** Who is told what arrives. */
  interface Listener {
    /** The server answered 101. */
    void opened(WebSocket socket);

    /** A whole message: {@code bytes[from..to)}, valid during the call only. */
    void message(WebSocket socket, byte[] bytes, int from, int to, long now);

    /** The connection is gone, or never came up; called once. */
    void closed(WebSocket socket, String why);
  }

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final byte[] NOTHING = new byte[0];
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final SplittableRandom RANDOM = new SplittableRandom();

  private final Loop loop;
  private final Target target;
  private final Listener listener;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final String nonce;

  private boolean open;
  private boolean closed;

  /** What was read of a frame that is not whole yet. */
  private byte[] rest = NOTHING;

  private int restLength;

  /** What was read of a message whose last fragment has not come yet. */
  private byte[] message = NOTHING;

  private int messageLength;
  private ByteBuffer out = ByteBuffer.allocate(512);

  /** How many bytes came in, and in how many messages; how many bytes went out. */
  long bytesRead;

  long bytesWritten;

  long messages;

  /** At most so many bytes are taken by one read, and then no more; 0 for as many as there are. */
  int readLimit;

  /**
   * Starts to connect.
   *
   * @param receiveBuffer bytes of the socket's receive buffer; 0 leaves it to the system
   */
  WebSocket(Loop loop, Target target, int receiveBuffer, Listener listener) throws IOException {
    this.loop = loop;
    this.target = target;
    this.listener = listener;
    byte[] random = new byte[16];
    for (int i = 0; i < random.length; i++) {
      random[i] = (byte) RANDOM.nextInt();
    }
    this.nonce = Base64.getEncoder().encodeToString(random);
    channel = SocketChannel.open();
    boolean connected;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (receiveBuffer > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      }
      connected = channel.connect(new InetSocketAddress(target.host(), target.port()));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    int interest = connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
    key = channel.register(loop.selector, interest, this);
    if (connected) {
      request();
    }
  }

  boolean isOpen() {
    return open && !closed;
  }

  /** Stops taking anything from the socket, or goes on. */
  void reading(boolean on) {
    if (key.isValid()) {
      key.interestOps(
          on
              ? key.interestOps() | SelectionKey.OP_READ
              : key.interestOps() & ~SelectionKey.OP_READ);
    }
  }

  void send(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    send(bytes, bytes.length);
  }

  /** Sends the first {@code length} bytes, which are UTF-8, as one message. */
  void send(byte[] text, int length) {
    frame(TEXT, text, 0, length);
  }

  /** Cuts the connection without a word, as a network does. */
  void cut() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It is gone already.
    }
    end("cut");
  }

  private void request() {
    put(
        ("GET "
                + target.path()
                + " HTTP/1.1\r\nHost: "
                + target.host()
                + ":"
                + target.port()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                + "\r\nSec-WebSocket-Key: "
                + nonce
                + (target.subprotocol().isEmpty()
                    ? ""
                    : "\r\nSec-WebSocket-Protocol: " + target.subprotocol())
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void ready(SelectionKey ready, long now) {
    try {
      if (ready.isValid() && ready.isConnectable()) { // it may have been cut a moment ago
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        request();
      }
      if (ready.isValid() && ready.isWritable()) {
        flush();
      }
      if (ready.isValid() && ready.isReadable()) {
        read(now);
      }
    } catch (IOException e) {
      end(String.valueOf(e.getMessage()));
    }
  }

  private void read(long now) throws IOException {
    loop.ensure(restLength * 2 + 65536);
    System.arraycopy(rest, 0, loop.in, 0, restLength);
    int room =
        readLimit > 0
            ? Math.min(readLimit, loop.in.length - restLength)
            : loop.in.length - restLength;
    loop.inBuffer.limit(restLength + room).position(restLength);
    int count = channel.read(loop.inBuffer);
    if (count < 0) {
      end("the server ended the connection");
      return;
    }
    bytesRead += count;
    if (readLimit > 0) {
      reading(false);
    }
    int length = restLength + count;
    byte[] bytes = loop.in;
    int at = open ? 0 : handshake(bytes, length);
    while (open && !closed) {
      int next = frame(bytes, at, length, now);
      if (next < 0) {
        break;
      }
      at = next;
    }
    restLength = length - at;
    if (rest.length < restLength) {
      rest = new byte[Math.max(256, Integer.highestOneBit(restLength) << 1)];
    }
    System.arraycopy(bytes, at, rest, 0, restLength);
  }

  /** Returns where frames begin, or 0 while the answer is not whole. */
  private int handshake(byte[] bytes, int length) {
    String head = new String(bytes, 0, Math.min(length, 8192), StandardCharsets.ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      return 0;
    }
    String status = head.substring(0, head.indexOf("\r\n"));
    if (!status.startsWith("HTTP/1.1 101") || !head.contains(accept())) {
      end("the handshake was answered with " + status + " " + head.substring(end + 4).trim());
      return length;
    }
    open = true;
    listener.opened(this);
    return end + 4;
  }

  private String accept() {
    try {
      byte[] input = (nonce + GUID).getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(input));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes one frame; returns where the next one begins, or -1 if this one is not whole. */
  private int frame(byte[] bytes, int at, int limit, long now) {
    if (limit - at < 2) {
      return -1;
    }
    int first = bytes[at];
    int size = bytes[at + 1] & 0x7f;
    int from = at + (size < 126 ? 2 : size == 126 ? 4 : 10);
    if (from > limit) {
      return -1;
    }
    if (size >= 126) {
      long wide = 0;
      for (int i = at + 2; i < from; i++) {
        wide = wide << 8 | bytes[i] & 0xff;
      }
      size = Math.toIntExact(wide);
    }
    int to = from + size;
    if (to > limit || to < 0) {
      return -1;
    }
    int opcode = first & 0xf;
    if (opcode >= CLOSE) {
      control(opcode, bytes, from, to);
    } else if (first < 0 && opcode != 0) { // the highest bit is set: it is the last fragment
      messages++;
      listener.message(this, bytes, from, to, now);
    } else {
      fragment(bytes, from, to, first < 0, now);
    }
    return to;
  }

  private void fragment(byte[] bytes, int from, int to, boolean last, long now) {
    int length = messageLength + to - from;
    if (message.length < length) {
      message = Arrays.copyOf(message, length * 2);
    }
    System.arraycopy(bytes, from, message, messageLength, to - from);
    messageLength = last ? 0 : length;
    if (last) {
      messages++;
      listener.message(this, message, 0, length, now);
    }
  }

  private void control(int opcode, byte[] bytes, int from, int to) {
    if (opcode == PING) {
      frame(PONG, bytes, from, to - from);
    } else if (opcode == CLOSE) {
      frame(CLOSE, bytes, from, Math.min(2, to - from));
      int code = to - from < 2 ? 1005 : (bytes[from] & 0xff) << 8 | bytes[from + 1] & 0xff;
      String reason =
          to - from < 2 ? "" : new String(bytes, from + 2, to - from - 2, StandardCharsets.UTF_8);
      end("closed with " + code + " " + reason);
    }
  }

  private void frame(int opcode, byte[] bytes, int from, int length) {
    if (closed) {
      return;
    }
    reserve(length + 14);
    out.put((byte) (0x80 | opcode));
    if (length < 126) {
      out.put((byte) (0x80 | length));
    } else if (length < 65536) {
      out.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      out.put((byte) (0x80 | 127)).putLong(length);
    }
    int mask = RANDOM.nextInt();
    out.putInt(mask);
    int at = out.position();
    out.put(bytes, from, length);
    byte[] array = out.array();
    for (int i = 0; i < length; i++) {
      array[at + i] ^= (byte) (mask >> (24 - 8 * (i & 3)));
    }
    flushNow();
  }

  private void put(byte[] bytes) {
    reserve(bytes.length);
    out.put(bytes);
    flushNow();
  }

  private void reserve(int more) {
    if (out.remaining() < more) {
      ByteBuffer larger = ByteBuffer.allocate((out.position() + more) * 2);
      out = larger.put(out.flip());
    }
  }

  private void flushNow() {
    try {
      flush();
    } catch (IOException e) {
      end(String.valueOf(e.getMessage()));
    }
  }

  private void flush() throws IOException {
    if (closed || !channel.isConnected()) {
      return;
    }
    out.flip();
    bytesWritten += channel.write(out);
    boolean more = out.hasRemaining();
    out.compact();
    int interest = key.interestOps();
    int wanted = more ? interest | SelectionKey.OP_WRITE : interest & ~SelectionKey.OP_WRITE;
    if (wanted != interest) {
      key.interestOps(wanted);
    }
  }

  private void end(String why) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is lost by it.
    }
    listener.closed(this, why);
  }
}
