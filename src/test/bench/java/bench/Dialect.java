package bench;

/** How a kind of server is talked to. One without state serves all connections. */
interface Dialect {
  /** What a message without publications means. */
  enum Answer {
    /** Nothing to the caller. */
    NONE,
    /** The connection reads or publishes from now on. */
    READY,
    /** A publication was answered. */
    PUBLISHED,
    /** The server refuses something, or ends the connection. */
    REFUSED
  }

  /** What the handshake offers; empty for none. */
  default String subprotocol() {
    return "";
  }

  /**
   * Says what makes the connection a reader of {@code channel}, or, without one, a publisher.
   *
   * @return whether it is ready at once
   */
  boolean opened(WebSocket socket, String channel);

  /** Takes a message that holds no publication, and answers what must be answered. */
  Answer message(WebSocket socket, String text);

  /**
   * Returns the message that publishes {@code data}, a JSON value.
   *
   * @param id ten digits
   */
  String publish(long id, String channel, String data);

  /** Returns the one that is called {@code name}. */
  static Dialect named(String name) {
    return switch (name) {
      case "superchat" -> new Superchat();
      case "plain" -> new Plain();
      case "socketio" -> new SocketIo();
      default ->
          throw new Options.Mistake(
              "--dialect: expected superchat, plain or socketio, got " + name);
    };
  }

  /** Switchboard's own. */
  final class Superchat implements Dialect {
    @Override
    public String subprotocol() {
      return "superchat";
    }

    @Override
    public boolean opened(WebSocket socket, String channel) {
      String subs = channel == null ? "" : ",\"subs\":{\"" + channel + "\":null}";
      socket.send("{\"type\":\"connect\",\"id\":1,\"client\":\"bench\"" + subs + "}");
      return false;
    }

    @Override
    public Answer message(WebSocket socket, String text) {
      if (text.contains("\"type\":\"ping\"")) {
        socket.send("{\"type\":\"pong\"}");
      }
      if (text.contains("\"code\":")) { // of an error, a bye or a failed subscription
        return Answer.REFUSED;
      }
      if (text.contains("\"type\":\"published\"")) {
        return Answer.PUBLISHED;
      }
      return text.contains("\"type\":\"connected\"") ? Answer.READY : Answer.NONE;
    }

    @Override
    public String publish(long id, String channel, String data) {
      return "{\"type\":\"publish\",\"id\":%d,\"channel\":\"%s\",\"data\":%s}"
          .formatted(id, channel, data);
    }
  }

  /** An endpoint that sends what it gets to everybody, as it is. */
  final class Plain implements Dialect {
    @Override
    public boolean opened(WebSocket socket, String channel) {
      return true;
    }

    @Override
    public Answer message(WebSocket socket, String text) {
      return Answer.NONE;
    }

    @Override
    public String publish(long id, String channel, String data) {
      return data;
    }
  }

  /** Socket.IO over WebSocket alone; events are called {@code m}. */
  final class SocketIo implements Dialect {
    @Override
    public boolean opened(WebSocket socket, String channel) {
      return false;
    }

    @Override
    public Answer message(WebSocket socket, String text) {
      if (text.startsWith("0")) {
        socket.send("40");
      } else if (text.equals("2")) {
        socket.send("3");
      }
      return text.startsWith("44")
          ? Answer.REFUSED
          : text.startsWith("40") ? Answer.READY : Answer.NONE;
    }

    @Override
    public String publish(long id, String channel, String data) {
      return "42[\"m\"," + data + "]";
    }
  }
}
