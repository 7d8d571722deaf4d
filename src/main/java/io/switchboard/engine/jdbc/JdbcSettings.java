package io.switchboard.engine.jdbc;

import java.util.Locale;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Which database, and how much may be under way.
 *
 * @param url the JDBC URL, {@code jdbc:h2:…} of a file or {@code jdbc:postgresql:…}, without
 *     credentials
 * @param user who logs in; empty for the driver's default
 * @param password their password; empty for none
 * @param poolSize how many connections are held open; two more than there are reader threads, so
 *     that the writer and the trimming never wait for a reader. At least 3
 * @param backlog what may wait
 */
public record JdbcSettings(
    String url, String user, String password, int poolSize, Backlog backlog) {
  /** What {@link #url} must be. */
  public static final String ACCEPTED =
      "a URL such as jdbc:postgresql://host:5432/database or jdbc:h2:file:/folder/name";

  private static final Pattern CREDENTIALS =
      Pattern.compile("//[^/?;]*@|[?&;](user|password)=", Pattern.CASE_INSENSITIVE);

  /** H2's ways to another process or to nothing that lasts. */
  private static final Pattern H2_ELSEWHERE =
      Pattern.compile("jdbc:h2:(tcp|ssl|mem|zip):.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /**
   * How many publications, clearings and markers may wait for the writer before more are refused.
   *
   * @param operations how many of them, at least 1
   * @param bytes how large together, at least 1; the first one is taken whatever its size
   */
  public record Backlog(int operations, long bytes) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException saying what is accepted
     */
    public Backlog {
      if (operations < 1 || bytes < 1) {
        throw new IllegalArgumentException("expected a backlog of at least 1");
      }
    }
  }

  /**
   * Checks what can be checked without a connection.
   *
   * @throws IllegalArgumentException saying what is accepted, without the URL
   */
  public JdbcSettings {
    checkUrl(url);
    if (poolSize < 3) {
      throw new IllegalArgumentException("expected a pool of at least 3 connections");
    }
  }

  /**
   * Returns {@code url} if it is one.
   *
   * @throws IllegalArgumentException saying what is accepted, without the URL, which may hold a
   *     password
   */
  public static String checkUrl(String url) {
    if (CREDENTIALS.matcher(url).find()) {
      throw new IllegalArgumentException(
          "expected no user and no password in it: they are settings of their own");
    }
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("jdbc:h2:") && !H2_ELSEWHERE.matcher(url).matches()) {
      new JdbcDataSource().setURL(url);
    } else if (lower.startsWith("jdbc:postgresql:")) {
      try {
        new PGSimpleDataSource().setURL(url);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("expected " + ACCEPTED, e);
      }
    } else {
      throw new IllegalArgumentException("expected " + ACCEPTED);
    }
    return url;
  }

  /** Leaves out the password, and the URL's parameters. */
  @Override
  public String toString() {
    return "JdbcSettings[" + database() + "]";
  }

  /** Returns the URL without its parameters, to name the database in messages. */
  String database() {
    return url.split("[;?]", 2)[0];
  }

  boolean isH2() {
    return url.toLowerCase(Locale.ROOT).startsWith("jdbc:h2:");
  }
}
