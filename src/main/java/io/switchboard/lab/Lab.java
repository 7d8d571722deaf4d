package io.switchboard.lab;

import io.switchboard.channel.Namespace;
import io.switchboard.channel.Payload;
import io.switchboard.engine.Broker;
import io.switchboard.hub.Hub;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The streams that lab pages look at: at most {@link #MAX_RUNS} at once, each ended when nobody
 * listens any more or after {@link #LONGEST}.
 *
 * <p>A publication is an object of {@code n}, its number from 1, {@code t}, the server's clock in
 * microseconds since 1970, and {@code pad}, which makes it as long as was asked for. Safe for use
 * by many threads.
 */
public final class Lab {
  /** The namespace of the channels, which keep nothing. */
  public static final String NAMESPACE = "lab";

  public static final int MAX_RUNS = 4;
  public static final Duration LONGEST = Duration.ofMinutes(10);

  /** For so long a stream waits for somebody to listen before it ends. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  public static final double MIN_RATE = 0.1;
  public static final double MAX_RATE = 20;

  /** Of the data of a publication as JSON, in bytes. */
  public static final int MIN_SIZE = 64;

  public static final int MAX_SIZE = 4096;

  private static final Logger LOG = System.getLogger(Lab.class.getName());

  /** So often is looked whether anybody listens, where nothing is published in between. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final JsonBuilderFactory OBJECTS =
      JsonProvider.provider().createBuilderFactory(Map.of());

  /**
   * What a lab is made of.
   *
   * @param cpu what the calling thread has used so far, in nanoseconds
   * @param measure what {@code cpu} tells: {@code cpu} for time on a core, {@code wall} for time
   */
  public record Sources(
      Clock clock,
      LongSupplier nanos,
      RandomGenerator random,
      Pulse pulse,
      LongSupplier cpu,
      String measure) {}

  private record Going(Run run, List<Runnable> ends) {}

  private final boolean enabled;
  private final Hub hub;
  private final Sources sources;
  private final Traffic traffic;

  /** Guarded by itself. */
  private final Map<String, Going> going = new HashMap<>();

  /**
   * Makes one in which nothing runs.
   *
   * @param enabled whether anything ever may
   */
  public Lab(boolean enabled, Hub hub, Sources sources) {
    this.enabled = enabled;
    this.hub = hub;
    this.sources = sources;
    this.traffic = new Traffic(sources.cpu(), sources.nanos());
  }

  /** Returns the namespace of its channels: everybody may listen, nothing is kept. */
  public static Namespace namespace() {
    return new Namespace(
        NAMESPACE,
        Namespace.Access.ANYONE,
        Namespace.Access.SERVER,
        0,
        Duration.ofDays(30),
        false,
        Namespace.Deliver.EVERY,
        false,
        0);
  }

  boolean isEnabled() {
    return enabled;
  }

  String measure() {
    return sources.measure();
  }

  /** Returns what counts bytes and time while something runs. */
  public Traffic traffic() {
    return traffic;
  }

  /** Returns the server's clock in microseconds since 1970. */
  long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, sources.clock().instant());
  }

  /** Begins a stream, unless as many as may be run already. */
  Optional<Run> start(Run.Wish wish) {
    byte[] random = new byte[8];
    sources.random().nextBytes(random);
    Run run =
        new Run(HexFormat.of().formatHex(random), wish, sources.clock().instant().plus(LONGEST));
    Duration period = Duration.ofNanos(Math.round(1e9 / wish.rate()));
    synchronized (going) {
      if (!enabled || going.size() >= MAX_RUNS) {
        return Optional.empty();
      }
      traffic.on(true);
      going.put(
          run.id(),
          new Going(
              run,
              List.of(
                  sources.pulse().every(period, () -> publish(run)),
                  sources.pulse().every(LOOK, () -> look(run)))));
    }
    return Optional.of(run);
  }

  /** Returns the stream of that id, if it runs. */
  Optional<Run> find(String id) {
    synchronized (going) {
      return Optional.ofNullable(going.get(id)).map(Going::run);
    }
  }

  /** Ends a stream; returns whether it ran. */
  boolean stop(String id) {
    synchronized (going) {
      Going ended = going.remove(id);
      if (ended == null) {
        return false;
      }
      ended.ends().forEach(Runnable::run);
      if (going.isEmpty()) {
        traffic.on(false);
      }
      return true;
    }
  }

  /** Returns how many sessions listen to a stream. */
  int listeners(Run run) {
    return hub.subscribers(run.channel());
  }

  private void publish(Run run) {
    if (listeners(run) == 0) {
      return;
    }
    long number = run.next();
    hub.publish(
            run.channel(),
            new Broker.Request(null, data(number, micros(), run.wish().size()), null, false))
        .whenComplete(
            (published, error) -> {
              if (error != null) {
                LOG.log(Level.DEBUG, "the lab could not publish", error);
              }
            });
  }

  private void look(Run run) {
    boolean over = !sources.clock().instant().isBefore(run.ends());
    long alone = run.alone(listeners(run) > 0, sources.nanos().getAsLong());
    if (over || alone >= PATIENCE.toNanos()) {
      stop(run.id());
    }
  }

  /** Returns what is published: an object of exactly {@code size} bytes, unless that is too few. */
  static Payload data(long number, long micros, int size) {
    Payload bare = Payload.of(object(number, micros, ""));
    return Payload.of(object(number, micros, "x".repeat(Math.max(0, size - bare.size()))));
  }

  private static JsonObject object(long number, long micros, String pad) {
    return OBJECTS.createObjectBuilder().add("n", number).add("t", micros).add("pad", pad).build();
  }
}
