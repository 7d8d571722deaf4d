package io.switchboard.transport.http;

import io.switchboard.auth.Pass;
import io.switchboard.protocol.HandshakeRecord;
import io.switchboard.protocol.SuperchatCodec;
import io.switchboard.session.ClientSession;
import io.switchboard.session.SessionRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The connections of this node that are made of requests. Safe for use by many threads.
 *
 * <p>They are as many as the sessions they carry, and those that ended within the last minute and
 * have something left to be told.
 */
public final class HttpSessions {
  private static final Logger LOG = System.getLogger(HttpSessions.class.getName());

  /** Random bytes of a secret. */
  private static final int SECRET_BYTES = 32;

  private final SessionRegistry registry;
  private final SuperchatCodec codec;
  private final HttpConnection.Parts parts;
  private final RandomGenerator random;
  private final Map<String, HttpConnection> connections = new ConcurrentHashMap<>();

  /**
   * Makes one without connections.
   *
   * @param workers never wait
   * @param random must be cryptographically strong
   */
  public HttpSessions(
      SessionRegistry registry,
      SuperchatCodec codec,
      HttpSettings settings,
      Executor workers,
      LongSupplier nanos,
      RandomGenerator random) {
    this.registry = registry;
    this.codec = codec.textOnly();
    this.parts = new HttpConnection.Parts(workers, nanos, registry.budget(), settings.timeout());
    this.random = random;
  }

  /** A connection that has just begun, and what its client must show with each request. */
  record Opened(HttpConnection connection, String secret) {}

  /** Begins a session. */
  Opened open(Pass pass, String address, HandshakeRecord handshake) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    HttpConnection connection = new HttpConnection(secret, parts);
    ClientSession session = registry.open(pass, address, handshake, codec, connection);
    connections.put(session.id(), connection);
    connection.bind(session);
    return new Opened(connection, secret);
  }

  /** Returns the connection that carries the session {@code id}, if it may still be asked for. */
  Optional<HttpConnection> find(String id) {
    HttpConnection connection = connections.get(id);
    if (connection == null || connection.isForgotten(parts.nanos().getAsLong())) {
      return Optional.empty();
    }
    return Optional.of(connection);
  }

  /** Returns how many connections are held, those that ended included. */
  public int size() {
    return connections.size();
  }

  /** Returns what reads commands and writes answers. */
  SuperchatCodec codec() {
    return codec;
  }

  /** Looks after every connection; to be called about once a second. */
  public void beat() {
    long now = parts.nanos().getAsLong();
    boolean spent = parts.budget().isSpent();
    connections.forEach(
        (id, connection) -> {
          try {
            if (spent) {
              connection.giveWay();
            }
            connection.beat(now);
            if (connection.isForgotten(now) && connections.remove(id, connection)) {
              connection.forget();
            }
          } catch (RuntimeException e) { // the others must be looked after all the same
            LOG.log(Level.ERROR, () -> "looking after session " + id + " failed", e);
          }
        });
  }

  HttpConnection.Parts parts() {
    return parts;
  }
}
