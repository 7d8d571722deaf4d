package io.switchboard.auth.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a JWKS is to be had, by HTTP: what comes is bounded, and redirections are not followed.
 *
 * <p>{@link #fetch} waits, and is called by one thread at a time; {@link #abort} is called by any.
 */
class JwksEndpoint {
  /** The longest document, in bytes. */
  static final int MAX_BYTES = 256 * 1024;

  private static final int TIMEOUT_MILLIS = 5_000;

  private final URI url;

  /** While a request is under way. */
  private volatile @Nullable HttpURLConnection underWay;

  JwksEndpoint(URI url) {
    this.url = url;
  }

  /** Returns the document. */
  String fetch() throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setRequestProperty("Accept", "application/jwk-set+json, application/json");
    connection.setRequestProperty("Connection", "close");
    underWay = connection;
    try {
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException("it answers with status " + status);
      }
      try (InputStream body = connection.getInputStream()) {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new IOException("it answers with more than %d bytes".formatted(MAX_BYTES));
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }
    } finally {
      underWay = null;
      connection.disconnect();
    }
  }

  /** Gives up what is under way. */
  void abort() {
    HttpURLConnection connection = underWay;
    if (connection != null) {
      connection.disconnect();
    }
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
