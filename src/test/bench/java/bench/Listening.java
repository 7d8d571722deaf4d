package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A client that reads a channel, in one of the four ways there are. */
abstract class Listening {
  /** What all clients of a run have in common. */
  record Setting(
      Loop loop, Target target, String channel, int size, long pollNanos, Inbox.Total total) {
    String connect() {
      return "{\"type\":\"connect\",\"id\":1,\"client\":\"bench\",\"subs\":{\""
          + channel
          + "\":null}}";
    }
  }

  private static final Pattern PING = new Pattern("\"type\":\"ping\"");
  private static final Pattern BYE = new Pattern("\"code\":");
  private static final String PONG = "{\"type\":\"pong\"}";

  final Setting setting;
  final Inbox inbox;
  boolean ready;

  private Listening(Setting setting) {
    this.setting = setting;
    this.inbox = new Inbox(setting.total, setting.size);
  }

  /**
   * Starts one.
   *
   * @param part which part of the polling interval it begins with, 0 to 1
   */
  static Listening of(String transport, Setting setting, double part) {
    return switch (transport) {
      case "websocket" -> new OverWebSocket(setting);
      case "sse" -> new OverStream(setting);
      case "long-polling" -> new OverPolls(setting, 0, 0);
      case "polling" ->
          new OverPolls(
              setting, setting.pollNanos, Stamp.now() + (long) (part * setting.pollNanos));
      default ->
          throw new Options.Mistake(
              "--transport: expected polling, long-polling, sse or websocket, got " + transport);
    };
  }

  abstract long requests();

  abstract long bytesRead();

  abstract long bytesWritten();

  /** Does what is due; returns when something will be. */
  long tick(long now) {
    return Loop.Between.NEVER;
  }

  /** Leaves; returns at once. */
  abstract void leave();

  /** Whether the server knows that it has left. */
  abstract boolean hasLeft();

  final void complain(String what) {
    setting.total.complain(what);
  }

  /** Takes messages; answers a ping with {@code pong}. */
  final void take(byte[] bytes, int from, int to, long now, Runnable pong) {
    if (inbox.take(bytes, from, to, now) > 0 && to - from < 300) {
      return; // one publication and nothing else, which is most of what comes
    }
    if (PING.find(bytes, from, to) >= 0) {
      pong.run();
    }
    if (ready && BYE.find(bytes, from, to) >= 0) {
      complain("a client was told " + new String(bytes, from, to - from, UTF_8));
    }
  }

  /** One WebSocket, and nothing else. */
  private static final class OverWebSocket extends Listening implements WebSocket.Listener {
    private final WebSocket socket;
    private boolean gone;
    private boolean leaving;

    OverWebSocket(Setting setting) {
      super(setting);
      try {
        socket = new WebSocket(setting.loop, setting.target, 0, this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void opened(WebSocket opened) {
      opened.send(setting.connect());
    }

    @Override
    public void message(WebSocket from, byte[] bytes, int start, int to, long now) {
      take(bytes, start, to, now, () -> from.send(PONG));
      if (!ready) { // what comes first is connected, or why not
        ready = true;
        if (BYE.find(bytes, start, to) >= 0) {
          complain("a client was told " + new String(bytes, start, to - start, UTF_8));
        }
      }
    }

    @Override
    public void closed(WebSocket closed, String why) {
      gone = true;
      if (!leaving) {
        complain("a client: " + why);
      }
    }

    @Override
    long requests() {
      return 0; // its only one was the handshake
    }

    @Override
    long bytesRead() {
      return socket.bytesRead;
    }

    @Override
    long bytesWritten() {
      return socket.bytesWritten;
    }

    @Override
    void leave() {
      leaving = true;
      socket.cut();
    }

    @Override
    boolean hasLeft() {
      return gone;
    }
  }

  /** A session over HTTP: commands go in requests of their own. */
  private abstract static class OverHttp extends Listening implements Http.Listener {
    /** By which it listens. */
    final Http main;

    /** For what it says while {@code main} is taken; made when it is needed, as browsers do. */
    private Http side;

    String path = "";
    String token = "";

    /** The newest message it has. */
    long after;

    private boolean left;
    private boolean gone;

    OverHttp(Setting setting) {
      super(setting);
      main = new Http(setting.loop, setting.target);
      String sessions = setting.target.path() + "/sessions";
      main.post(
          sessions,
          "",
          setting.connect(),
          new Answer() {
            @Override
            public void answered(int status, byte[] body, int length, long now) {
              String text = new String(body, 0, length, UTF_8);
              if (status != 201 || text.contains("\"code\":")) {
                complain("a session was answered " + status + " " + text);
                return;
              }
              Map<String, Object> connected = Json.objects(Json.read(text)).get(0);
              path = sessions + "/" + connected.get("session");
              token = String.valueOf(connected.get("token"));
              ready = true;
              listen();
            }
          });
    }

    /** What to do with an answer; that the connection ends is trouble. */
    private abstract class Answer implements Http.Listener {
      @Override
      public void closed(String why) {
        OverHttp.this.closed(why);
      }
    }

    abstract void listen();

    /** The connection for a command. */
    Http side() {
      if (side == null) {
        side = new Http(setting.loop, setting.target);
      }
      return side;
    }

    final void pong() {
      side()
          .post(
              path + "?after=" + after,
              token,
              PONG,
              new Answer() {
                @Override
                public void answered(int status, byte[] body, int length, long now) {
                  if (status != 204) {
                    complain("a pong was answered " + status);
                  }
                }
              });
    }

    @Override
    public final void closed(String why) {
      if (!left) {
        complain("a client: " + why);
      }
    }

    @Override
    final long requests() {
      return main.requests + (side == null ? 0 : side.requests);
    }

    @Override
    final long bytesRead() {
      return main.bytesRead + (side == null ? 0 : side.bytesRead);
    }

    @Override
    final long bytesWritten() {
      return main.bytesWritten + (side == null ? 0 : side.bytesWritten);
    }

    @Override
    final void leave() {
      left = true;
      main.close();
      if (side != null) {
        side.close();
      }
      Http last = new Http(setting.loop, setting.target);
      last.delete(
          path,
          token,
          new Answer() {
            @Override
            public void answered(int status, byte[] body, int length, long now) {
              gone = true;
            }
          });
    }

    @Override
    final boolean hasLeft() {
      return gone;
    }
  }

  /** Server-Sent Events. */
  private static final class OverStream extends OverHttp {
    private static final Pattern ID = new Pattern("id: ");

    OverStream(Setting setting) {
      super(setting);
    }

    @Override
    void listen() {
      main.stream(path + "/events?session_token=" + token, this);
    }

    @Override
    public int more(byte[] body, int length, long now) {
      int end = length - 1;
      while (end > 0 && !(body[end] == '\n' && body[end - 1] == '\n')) {
        end--;
      }
      int used = end > 0 ? end + 1 : 0;
      for (int id = ID.find(body, 0, used); id >= 0; id = ID.find(body, id + 1, used)) {
        after = Pattern.wholeNumber(body, id + ID.length());
      }
      take(body, 0, used, now, this::pong);
      return used;
    }

    @Override
    public void answered(int status, byte[] body, int length, long now) {
      complain("a stream ended with " + status);
    }
  }

  /** Polls, at intervals or as long as there is nothing. */
  private static final class OverPolls extends OverHttp {
    private static final Pattern NEXT = new Pattern("\"next\":");

    /** From the beginning of a poll to that of the next; 0 for long polls. */
    private final long interval;

    private long due;
    private boolean waiting;

    OverPolls(Setting setting, long interval, long due) {
      super(setting);
      this.interval = interval;
      this.due = due;
    }

    @Override
    void listen() {
      if (interval == 0) {
        poll("&wait=25");
      }
    }

    private void poll(String wait) {
      waiting = true;
      main.get(path + "/messages?after=" + after + wait, token, this);
    }

    @Override
    public void answered(int status, byte[] body, int length, long now) {
      waiting = false;
      if (status != 200) {
        complain("a poll was answered " + status);
        return;
      }
      after = Pattern.wholeNumber(body, NEXT.find(body, 0, length) + NEXT.length());
      take(body, 0, length, now, this::pong);
      listen();
    }

    @Override
    long tick(long now) {
      if (interval == 0 || !ready) {
        return Loop.Between.NEVER;
      }
      if (now >= due) {
        due += interval;
        if (!waiting) {
          poll("&wait=0");
        }
      }
      return due;
    }

    @Override
    Http side() {
      return interval == 0 ? super.side() : main; // between polls it is free
    }
  }
}
