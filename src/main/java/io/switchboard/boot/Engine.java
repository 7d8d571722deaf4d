package io.switchboard.boot;

import io.switchboard.channel.Namespace;
import io.switchboard.engine.Availability;
import io.switchboard.engine.Broker;
import io.switchboard.engine.ReadMarkers;
import io.switchboard.engine.jdbc.Database;
import io.switchboard.engine.memory.MemoryBroker;
import io.switchboard.engine.memory.MemorySettings;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The engine that the settings choose.
 *
 * @param broker what publishes and reads
 * @param markers how far users have read
 * @param availability whether it keeps what is published now
 * @param end ends it; to be run after the end of everybody who uses it
 */
record Engine(Broker broker, ReadMarkers markers, Availability availability, Runnable end) {

  /** What an engine is made from besides its settings. */
  record Parts(
      List<Namespace> namespaces,
      MemorySettings memory,
      Clock clock,
      RandomGenerator random,
      Threads threads) {
    /** Returns a name that nothing else has. */
    String name() {
      return HexFormat.of().toHexDigits(random.nextLong());
    }
  }

  /**
   * Makes and starts it.
   *
   * @throws IllegalStateException saying what is wrong with the settings or the database; nothing
   *     is left open
   */
  static Engine start(EngineSettings settings, Parts parts) {
    if (settings instanceof EngineSettings.Own own) {
      Database database =
          Database.of(own.settings(), parts::name, Threads.named("switchboard-pool"));
      return JdbcEngine.start(database, own.settings().poolSize(), own.settings().backlog(), parts);
    }
    if (settings instanceof EngineSettings.Container container) {
      Database database = Database.of(lookUp(container.name()), container.name(), parts::name);
      return JdbcEngine.start(database, container.poolSize(), container.backlog(), parts);
    }
    MemoryBroker broker = memory(parts);
    return new Engine(broker, broker, () -> true, () -> {});
  }

  /** Returns a broker in the memory of this process. */
  static MemoryBroker memory(Parts parts) {
    return new MemoryBroker(
        parts.namespaces(), parts.memory(), parts.clock(), parts::name, parts.threads().workers());
  }

  /**
   * Finds what some servers know by the name itself and others below the WAR's own names. The name
   * is the operator's, and no address: nothing of another machine is read.
   */
  @SuppressWarnings("BanJNDI")
  private static DataSource lookUp(String name) {
    @Nullable NamingException reason = null;
    for (String candidate : List.of(name, "java:comp/env/" + name)) {
      try {
        if (InitialContext.<Object>doLookup(candidate) instanceof DataSource source) {
          return source;
        }
      } catch (NamingException e) {
        reason = e;
      }
    }
    throw new IllegalStateException(
        "Switchboard cannot start: switchboard.jdbc.datasource: this server gives the WAR no"
            + " DataSource called "
            + name,
        reason);
  }
}
