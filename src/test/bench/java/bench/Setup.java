package bench;

import java.util.ArrayList;
import java.util.List;

/** What all modes have in common: where the server is, how it is talked to, and who publishes. */
final class Setup {
  final Loop loop = new Loop();
  final Dialect dialect;
  final Target target;

  /** Bytes of a payload. */
  int size;

  /** Process of the server; 0 if it is not known, and its CPU and memory neither. */
  final long pid;

  final String label;
  final boolean table;
  final List<Publisher> publishers = new ArrayList<>();

  private final String http;
  private final String key;
  private final String publishPath;
  private final int publisherCount;

  Setup(Options options) {
    dialect = Dialect.named(options.text("dialect", "superchat"));
    target =
        new Target(
            options.text("host", "127.0.0.1"),
            options.whole("port", 8080),
            options.text("path", "/chat"),
            options.text("subprotocol", dialect.subprotocol()));
    size = options.whole("size", 128);
    pid = (long) options.number("pid", 0);
    label = options.text("label", options.text("dialect", "superchat"));
    table = !options.flag("json");
    http = options.text("publish-http", "");
    key = options.text("api-key", "");
    publishPath = options.text("publish-path", target.path());
    publisherCount = options.whole("publishers", http.isEmpty() ? 1 : 4);
    if (publisherCount < 1 || publisherCount > 999) {
      throw new Options.Mistake("--publishers: expected 1 to 999");
    }
  }

  int publisherCount() {
    return publisherCount;
  }

  /** Connects those who publish to {@code channel}, and waits until they are ready. */
  void connectPublishers(String channel) {
    for (int i = 0; i < publisherCount; i++) {
      publishers.add(http.isEmpty() ? overWebSocket(i, channel) : overHttp(i, channel));
    }
    boolean ready =
        loop.run(
            () -> publishers.stream().allMatch(Publisher::isReady) || !trouble().isEmpty(), 10);
    if (!ready || !trouble().isEmpty()) {
      throw new Broken("publishers did not become ready: " + trouble());
    }
  }

  private Publisher overWebSocket(int index, String channel) {
    return new Publisher.OverWebSocket(index, loop, target.at(publishPath), dialect, channel, size);
  }

  private Publisher overHttp(int index, String channel) {
    String data = Stamp.blank(size);
    boolean bare = key.isEmpty();
    return new Publisher.OverHttp(
        index,
        loop,
        target.at(http),
        bare ? "" : "Bearer " + key,
        bare ? data : "{\"channel\":\"" + channel + "\",\"data\":" + data + "}");
  }

  /** Returns what went wrong first with a publisher, or nothing. */
  String trouble() {
    for (Publisher publisher : publishers) {
      if (!publisher.trouble.isEmpty()) {
        return publisher.trouble;
      }
    }
    return "";
  }
}
