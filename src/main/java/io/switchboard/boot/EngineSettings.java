package io.switchboard.boot;

import io.switchboard.engine.jdbc.JdbcSettings;

/** Which engine keeps the log. */
sealed interface EngineSettings {
  /** The memory of this process, for as long as it lives. */
  record Memory() implements EngineSettings {}

  /** A database that Switchboard connects to itself. */
  record Own(JdbcSettings settings) implements EngineSettings {}

  /**
   * A database that the container connects to.
   *
   * @param name of its {@code DataSource} in JNDI
   * @param poolSize how many of its connections are used at most; at least 3
   * @param backlog what may wait for it
   */
  record Container(String name, int poolSize, JdbcSettings.Backlog backlog)
      implements EngineSettings {}
}
