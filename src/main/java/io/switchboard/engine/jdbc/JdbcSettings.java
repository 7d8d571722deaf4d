package io.switchboard.engine.jdbc;

/**
 * Which database, and how much may be under way.
 *
 * @param url the JDBC URL, {@code jdbc:h2:file:…} or {@code jdbc:postgresql:…}
 * @param user who logs in; empty for H2's default
 * @param password their password; empty for none
 * @param poolSize how many connections are held open; two more than there are reader threads, so
 *     that the writer and the trimming never wait for a reader. At least 3
 * @param maxBacklog how many publications, clearings and markers may wait for the writer before
 *     more are refused. At least 1
 */
public record JdbcSettings(String url, String user, String password, int poolSize, int maxBacklog) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException saying what is accepted
   */
  public JdbcSettings {
    if (!url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("expected a URL of jdbc:h2: or jdbc:postgresql:");
    }
    if (poolSize < 3) {
      throw new IllegalArgumentException("expected a pool of at least 3 connections");
    }
    if (maxBacklog < 1) {
      throw new IllegalArgumentException("expected a backlog of at least 1");
    }
  }

  /** Leaves out the password, and the URL's parameters, which may hold one. */
  @Override
  public String toString() {
    return "JdbcSettings[" + database() + "]";
  }

  /** Returns the URL without its parameters, to name the database in messages. */
  String database() {
    return url.split("[;?]", 2)[0];
  }

  boolean isH2() {
    return url.startsWith("jdbc:h2:");
  }
}
