package io.switchboard.wire;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** A {@link Peer} over a WebSocket: one that was cut off connects anew, with its positions. */
final class WebSocketPeer implements Peer {
  private final Function<String, RawWebSocket> opener;
  private final Deque<JsonObject> pushes = new ArrayDeque<>();
  private final Map<String, JsonObject> positions = new HashMap<>();
  private SuperchatClient client;

  /** {@code opener} makes a connection with a query. */
  @SuppressWarnings("NullAway.Init")
  WebSocketPeer(Function<String, RawWebSocket> opener) {
    this.opener = opener;
  }

  @Override
  public JsonObject connect(String command, String query) {
    client = new SuperchatClient(opener.apply(query));
    return ask(command);
  }

  @Override
  public JsonObject ask(String command) {
    client.send(command);
    while (true) {
      JsonObject message = read();
      if (message.containsKey("re")) {
        if (message.getString("type").equals("subscribed")) {
          positions.put(message.getString("channel"), position(message, message.getInt("offset")));
        }
        return message;
      }
      pushes.add(message);
    }
  }

  @Override
  public void say(String text) {
    client.send(text);
  }

  @Override
  public JsonObject next() {
    JsonObject message = pushes.isEmpty() ? read() : pushes.remove();
    if (message.getString("type").equals("publication") && message.containsKey("offset")) {
      positions.computeIfPresent(
          message.getString("channel"),
          (channel, last) -> position(last, message.getInt("offset")));
    }
    return message;
  }

  private JsonObject read() {
    SuperchatClient.Message message = client.next();
    while (message.json().getString("type").equals("ping")) {
      client.send("{'type':'pong'}");
      message = client.next();
    }
    if (!message.binary()) {
      return message.json();
    }
    byte[] payload = new byte[message.payload().remaining()];
    message.payload().get(payload);
    return jakarta.json.Json.createObjectBuilder(message.json())
        .add("data", Base64.getEncoder().encodeToString(payload))
        .add("encoding", "base64")
        .build();
  }

  private static JsonObject position(JsonObject log, int offset) {
    return jakarta.json.Json.createObjectBuilder()
        .add("epoch", log.getString("epoch"))
        .add("offset", offset)
        .build();
  }

  @Override
  public void cut() {
    client.socket().socket().reset();
    pushes.clear(); // what was not read is lost with the connection
  }

  @Override
  public void resume() {
    client = new SuperchatClient(opener.apply(""));
    JsonObjectBuilder subs = jakarta.json.Json.createObjectBuilder();
    positions.forEach(subs::add);
    client.send("{'type':'connect','id':1,'subs':" + subs.build() + "}");
    JsonObject connected = client.first("connected").json();
    JsonObject told = connected.getJsonObject("subs");
    for (String channel : told.keySet()) {
      JsonObject sub = told.getJsonObject(channel);
      if (!sub.getBoolean("recovered")) {
        throw new AssertionError("not recovered: " + connected);
      }
      sub.getJsonArray("publications")
          .getValuesAs(JsonObject.class)
          .forEach(
              publication ->
                  pushes.add(
                      jakarta.json.Json.createObjectBuilder(publication)
                          .add("type", "publication")
                          .add("channel", channel)
                          .build()));
    }
  }

  @Override
  public String transport() {
    return "websocket";
  }
}
