package io.switchboard.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.Identity;
import io.switchboard.auth.NamespacePolicy;
import io.switchboard.auth.NoTokens;
import io.switchboard.auth.Pass;
import io.switchboard.auth.Tokens;
import io.switchboard.channel.Namespace;
import io.switchboard.command.ChannelTokens;
import io.switchboard.command.CommandDispatcher;
import io.switchboard.command.SessionControl;
import io.switchboard.engine.Broker;
import io.switchboard.engine.memory.MemoryBroker;
import io.switchboard.engine.memory.MemoryControlBus;
import io.switchboard.engine.memory.MemoryPresence;
import io.switchboard.engine.memory.MemorySettings;
import io.switchboard.event.Event;
import io.switchboard.event.Events;
import io.switchboard.hub.Hub;
import io.switchboard.protocol.ChatCodec;
import io.switchboard.protocol.Codec;
import io.switchboard.protocol.HandshakeRecord;
import io.switchboard.protocol.Json;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.session.Budget;
import io.switchboard.session.ClientSession;
import io.switchboard.session.DrainSettings;
import io.switchboard.session.Draining;
import io.switchboard.session.HeartbeatSettings;
import io.switchboard.session.LimitCounts;
import io.switchboard.session.SendingThreads;
import io.switchboard.session.SessionMeter;
import io.switchboard.session.SessionRegistry;
import io.switchboard.session.SessionSettings;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A whole node but for the container, whose time and threads are the test's. */
public final class TestNode {
  private static final HandshakeRecord HANDSHAKE =
      new HandshakeRecord("GET /chat HTTP/1.1", Map.of(), Map.of());

  /** How long somebody who was cut off is waited for. */
  public static final Duration GRACE = Duration.ofSeconds(5);

  /** How its clients are sent away. */
  public static final DrainSettings DRAIN =
      new DrainSettings(Duration.ofSeconds(10), Duration.ofSeconds(15));

  public final FakeTime time = new FakeTime();
  public final StepExecutor workers = new StepExecutor();
  public final Json json = new Json();
  public final ChatCodec chat = new ChatCodec(json);
  public final SuperchatCodec superchat = new SuperchatCodec(json);
  private final MemoryPresence presence = new MemoryPresence();
  public final List<Event> events = new ArrayList<>();
  public final Hub hub;
  public final MemoryControlBus bus = new MemoryControlBus(workers);
  public final SessionSettings limits;
  public final SessionRegistry registry;
  public final ChannelTokens channelTokens;
  public final Draining draining;
  public final LimitCounts limitCounts = new LimitCounts();

  /** Starts it with the shipped namespaces; a session may be on {@code maxChannels}. */
  public TestNode(int maxChannels) {
    this(Namespace.SHIPPED, maxChannels, 1 << 20);
  }

  /** Starts it with those namespaces; {@code queueBytes} may wait for a session. */
  public TestNode(List<Namespace> namespaces, int maxChannels, int queueBytes) {
    this(namespaces, maxChannels, queueBytes, GRACE);
  }

  /** Starts it with a {@code grace} for those who are cut off. */
  public TestNode(List<Namespace> namespaces, int maxChannels, int queueBytes, Duration grace) {
    this(namespaces, maxChannels, queueBytes, grace, new NoTokens());
  }

  /** Starts it where clients may show {@code tokens}. */
  public TestNode(
      List<Namespace> namespaces, int maxChannels, int queueBytes, Duration grace, Tokens tokens) {
    this(namespaces, maxChannels, queueBytes, grace, tokens, new Watched());
  }

  /** Starts one that is watched; {@code queueBytes} may wait for a session. */
  public TestNode(int queueBytes, Watched watched) {
    this(Namespace.SHIPPED, 10, queueBytes, GRACE, new NoTokens(), watched);
  }

  /** Who watches a node. */
  public record Watched(UnaryOperator<Broker> broker, Hub.Watchers hub, SessionMeter sessions) {
    /** Nobody. */
    public Watched() {
      this(UnaryOperator.identity(), Hub.Watchers.NONE, SessionMeter.NONE);
    }
  }

  private TestNode(
      List<Namespace> namespaces,
      int maxChannels,
      int queueBytes,
      Duration grace,
      Tokens tokens,
      Watched watched) {
    MemoryBroker broker =
        new MemoryBroker(namespaces, new MemorySettings(10_000_000, 100), time, () -> "e", workers);
    hub =
        new Hub(
            watched.broker().apply(broker),
            presence,
            new Heard(),
            workers,
            new Hub.Times(time, time, grace),
            watched.hub());
    ChannelPolicy policy =
        new NamespacePolicy(namespaces.stream().map(TestNode::withoutUsualRate).toList());
    channelTokens = new ChannelTokens(tokens, hub, time);
    HeartbeatSettings heartbeat =
        new HeartbeatSettings(Duration.ofSeconds(25), Duration.ofSeconds(10));
    limits =
        new SessionSettings(
            65_536, maxChannels, 200, 1_000, queueBytes, Duration.ofSeconds(60), 20, 300);
    SessionRegistry.Sources sources = new SessionRegistry.Sources(time, time, new Random(1));
    registry =
        new SessionRegistry(
            new CommandDispatcher(
                hub, policy, broker, chat, superchat, heartbeat, tokens, channelTokens, time),
            limits,
            heartbeat,
            new Budget(1_000_000_000),
            new SendingThreads(workers, workers, new FakeWaitWatch(time)),
            sources,
            watched.sessions(),
            limitCounts);
    draining = new Draining(registry, DRAIN, sources);
    bus.listen(new SessionControl(registry, hub, policy));
  }

  /** Time stands still, so that any rate would soon be used up; a test's own one holds. */
  private static Namespace withoutUsualRate(Namespace namespace) {
    return namespace.channelRate() != Namespace.CHANNEL_RATE
        ? namespace
        : new Namespace(
            namespace.name(),
            namespace.subscribe(),
            namespace.publish(),
            namespace.historyAccess(),
            namespace.presenceAccess(),
            namespace.historySize(),
            namespace.historyAge(),
            namespace.presence(),
            namespace.deliver(),
            namespace.durable(),
            namespace.publishRate(),
            0);
  }

  /** Collects what happens. */
  private final class Heard implements Events {
    @Override
    public boolean isHeard(Class<? extends Event> type) {
      return true;
    }

    @Override
    public void happened(Event event) {
      events.add(event);
    }
  }

  /** Connects a client that speaks {@code codec}. */
  public Client connect(Codec codec, Identity identity) {
    return connect(codec, new Pass(identity));
  }

  /** Connects a client that was let in by {@code pass}. */
  public Client connect(Codec codec, Pass pass) {
    return new Client(codec, pass);
  }

  /** Ends all sessions and checks that nothing of them is left. */
  public void assertEndsEmpty() {
    registry.all().forEach(ClientSession::connectionClosed);
    workers.runAll();
    time.pass(GRACE);
    hub.beat();
    workers.runAll();
    assertEquals(0, registry.size());
    assertEquals(0, hub.channelCount(), "channels without sessions must be forgotten");
    assertEquals(0, presence.channelCount(), "nobody is on a channel without sessions");
    assertEquals(0, registry.countFrom("127.0.0.1"));
    assertEquals(0, registry.budget().spent());
    assertEquals(0, channelTokens.size(), "tokens end with their subscriptions");
  }

  /** A client and what it has been told. Quotes in what it says may be single. */
  public final class Client {
    public final FakeTransport transport = new FakeTransport();
    public final ClientSession session;
    private final Codec codec;
    private final List<JsonObject> told = new ArrayList<>();
    private int parsed;
    private int read;

    private Client(Codec codec, Pass pass) {
      this.codec = codec;
      session = registry.open(pass, "127.0.0.1", HANDSHAKE, codec, transport);
      workers.runAll();
    }

    /** Says something; what follows from it waits for the workers. */
    public void say(String command) {
      session.received(() -> codec.decode(command.replace('\'', '"')));
    }

    /** Answers the newest Ping, which vouches for the older ones, and lets everything happen. */
    public void answerPings() {
      if (!transport.pings.isEmpty()) {
        byte[] newest = transport.pings.removeLast();
        transport.pings.clear();
        session.ponged(newest);
        workers.runAll();
      }
    }

    /** Says something and lets everything happen that follows from it. */
    public void sayAndSettle(String command) {
      say(command);
      workers.runAll();
    }

    /** Returns what it was told next. */
    public JsonObject next(String type) {
      assertTrue(read < told().size(), "nothing more was told, expected " + type);
      JsonObject frame = told().get(read++);
      assertEquals(type, frame.getString("type"), frame.toString());
      return frame;
    }

    /** Returns whether the next thing it was told is of that type. */
    public boolean isNext(String type) {
      return read < told().size() && told().get(read).getString("type").equals(type);
    }

    public void assertNothingMore() {
      assertEquals(List.of(), told().subList(read, told().size()));
    }

    /** Returns all it was told, arrays taken apart. */
    public List<JsonObject> told() {
      for (; parsed < transport.frames.size(); parsed++) {
        JsonValue frame = json.read(transport.frames.get(parsed));
        if (frame instanceof JsonArray array) {
          array.forEach(one -> told.add(one.asJsonObject()));
        } else {
          told.add(frame.asJsonObject());
        }
      }
      return told;
    }
  }
}
