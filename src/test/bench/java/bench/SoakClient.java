package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One client of the soak: reads some channels, publishes to them, loses its connection now and
 * then, comes back with its positions and checks that it misses nothing.
 *
 * <p>It is a guest, and a guest is somebody else after each connect; so it does not publish again
 * what was not answered: keys belong to users.
 */
final class SoakClient implements WebSocket.Listener {
  /** What all clients count together. */
  static final class Counts {
    long delivered;
    long recovered;
    long recoveries;
    long connects;
    long cuts;
    long published;
    long answered;
    long refused;
  }

  private record Position(String epoch, long offset) {}

  private record Pending(String channel, String name) {}

  private static final double SHORTEST_PAUSE = 0.05;
  private static final double LONGEST_PAUSE = 2;

  private final String name;
  private final Loop loop;
  private final Target target;
  private final Map<String, SoakLog> logs;
  private final SoakLog.Failures failures;
  private final Counts counts;
  private final SplittableRandom random;
  private final Map<String, Position> positions = new LinkedHashMap<>();
  private final Map<Long, Pending> unanswered = new HashMap<>();
  private final List<String> channels;
  private WebSocket socket;
  private boolean connected;
  private boolean positioned;
  private long connectAt;
  private long connectedAt;
  private long id = 1;
  private long number;

  SoakClient(
      String name,
      Loop loop,
      Target target,
      Map<String, SoakLog> logs,
      List<String> channels,
      Counts counts,
      SoakLog.Failures failures,
      SplittableRandom random) {
    this.name = name;
    this.loop = loop;
    this.target = target;
    this.logs = logs;
    this.channels = channels;
    this.counts = counts;
    this.failures = failures;
    this.random = random;
  }

  /** Connects if it is time. */
  void tick(long now) {
    if (socket != null || now < connectAt) {
      return;
    }
    try {
      socket = new WebSocket(loop, target, 0, this);
    } catch (IOException e) {
      pause(); // nobody listens: the server is down
    }
  }

  boolean isConnected() {
    return connected;
  }

  /** Returns whether it was told of everything that anybody was told of. */
  boolean isUpToDate() {
    return connected && channels.stream().allMatch(c -> positions.get(c).offset == logs.get(c).top);
  }

  /** Returns where it lags, for people. */
  String state() {
    return name + (connected ? " at " : " not connected, at ") + positions;
  }

  boolean hasUnanswered() {
    return !unanswered.isEmpty();
  }

  /** Cuts the connection; every third time with a publication on its way. */
  void cut() {
    if (socket != null) {
      counts.cuts++;
      if (connected && random.nextInt(3) == 0) {
        publish();
      }
      socket.cut();
    }
  }

  /** Publishes to one of its channels. */
  void publish() {
    String channel = channels.get(random.nextInt(channels.size()));
    String what = name + "-" + number++;
    unanswered.put(++id, new Pending(channel, what));
    counts.published++;
    socket.send(
        "{\"type\":\"publish\",\"id\":%d,\"channel\":\"%s\",\"key\":\"%s\",\"data\":\"%s\"}"
            .formatted(id, channel, what, what));
  }

  @Override
  public void opened(WebSocket opened) {
    StringBuilder subs = new StringBuilder();
    for (String channel : channels) {
      Position at = positions.get(channel);
      subs.append(subs.length() == 0 ? "" : ",").append('"').append(channel).append("\":");
      subs.append(
          at == null ? "null" : "{\"epoch\":\"%s\",\"offset\":%d}".formatted(at.epoch, at.offset));
    }
    opened.send("{\"type\":\"connect\",\"id\":1,\"client\":\"soak\",\"subs\":{" + subs + "}}");
  }

  @Override
  public void closed(WebSocket closed, String why) {
    if (connected && !why.equals("cut") && !why.startsWith("the server") && !isNetwork(why)) {
      failures.add(name + ": " + why);
    }
    connected = false;
    socket = null;
    unanswered.clear(); // they may be there or not, but once at most
    pause();
  }

  /** Resets and refusals come with a server that is killed. */
  private static boolean isNetwork(String why) {
    return why.startsWith("Connection")
        || why.startsWith("Broken pipe")
        || why.startsWith("closed with 1001");
  }

  private void pause() {
    double seconds = SHORTEST_PAUSE + random.nextDouble() * (LONGEST_PAUSE - SHORTEST_PAUSE);
    connectAt = Stamp.now() + (long) (seconds * 1e9);
  }

  @Override
  public void message(WebSocket from, byte[] bytes, int start, int to, long now) {
    String text = new String(bytes, start, to - start, StandardCharsets.UTF_8);
    for (Map<String, Object> message : Json.objects(Json.read(text))) {
      take(String.valueOf(message.get("type")), message);
    }
  }

  private void take(String type, Map<String, Object> message) {
    switch (type) {
      case "connected" -> connected(Json.object(message, "subs"));
      case "publication" -> {
        counts.delivered++;
        publication((String) message.get("channel"), message, "live");
      }
      case "published" -> {
        Pending pending = unanswered.remove((Long) message.get("re"));
        counts.answered++;
        logs.get(pending.channel)
            .answered(pending.name, (Long) message.get("offset"), (String) message.get("epoch"));
      }
      case "error" -> {
        counts.refused++;
        unanswered.remove((Long) message.get("re"));
        if (!Boolean.TRUE.equals(message.get("retry"))) {
          failures.add(name + ": " + message);
        }
      }
      case "ping" -> socket.send("{\"type\":\"pong\"}");
      case "drain" -> {}
      default -> failures.add(name + ": " + message);
    }
  }

  private void connected(Map<String, Object> subs) {
    counts.connects++;
    connectedAt = Stamp.now();
    for (String channel : channels) {
      Map<String, Object> start = Json.object(subs, channel);
      if (!(start.get("offset") instanceof Long offset)) {
        failures.add("%s: %s was answered %s".formatted(name, channel, start));
        continue;
      }
      String epoch = (String) start.get("epoch");
      logs.get(channel).epoch(epoch);
      if (!positioned) {
        positions.put(channel, new Position(epoch, offset));
        continue;
      }
      counts.recoveries++;
      if (!Boolean.TRUE.equals(start.get("recovered"))) {
        failures.add(
            "%s: %s was not recovered from %s: %s"
                .formatted(name, channel, positions.get(channel), start));
        positions.put(channel, new Position(epoch, offset));
        continue;
      }
      for (Map<String, Object> publication : Json.objects(start.get("publications"))) {
        counts.recovered++;
        publication(channel, publication, "recovered");
      }
    }
    positioned = true;
    connected = true;
  }

  private void publication(String channel, Map<String, Object> publication, String how) {
    long offset = (Long) publication.get("offset");
    Position at = positions.get(channel);
    if (offset != at.offset + 1) {
      failures.add(
          "%s: %s: offset %d came after %d, %s, %.3f s after it connected"
              .formatted(name, channel, offset, at.offset, how, (Stamp.now() - connectedAt) / 1e9));
    }
    positions.put(channel, new Position(at.epoch, offset));
    logs.get(channel).seen(offset, String.valueOf(publication.get("data")));
  }
}
