package io.switchboard.lab;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How many bytes the heads of requests and responses have on the wire (RFC 9112).
 *
 * <p>A servlet is not shown the bytes. A request's are put together again from what it is shown,
 * which is exact for clients that write {@code Name: value} with one space, as browsers do. What
 * the container adds to a response is known from looking at the bytes of Tomcat and GlassFish, and
 * held to them by a test.
 */
final class Heads {
  /** One header line. */
  record Header(String name, String value) {
    /** Colon, space, and the end of the line. */
    private static final int AROUND = 4;

    long size() {
      return name.length() + value.length() + (long) AROUND;
    }
  }

  /**
   * What a response says of itself before the container has sent it.
   *
   * @param keepAlive whether the client asked to keep the connection, in so many words
   * @param chunked whether its length is not known
   * @param type the media type, empty for none
   * @param length of the body; -1 where it is not known or there is none
   */
  record Response(
      int status,
      List<Header> headers,
      boolean keepAlive,
      boolean chunked,
      String type,
      long length) {}

  private static final int LINE_END = 2;

  /** Longer writes leave Tomcat in pieces of so many bytes; GlassFish sends them as they are. */
  private static final int TOMCAT_BUFFER = 8 * 1024;

  private static final int VERSION = "HTTP/1.1 ".length();
  private static final Header DATE = new Header("Date", "Thu, 01 Jan 1970 00:00:00 GMT");

  /** What GlassFish and its Tyrus write behind a status; Tomcat writes nothing. */
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(101, "Web Socket Protocol Handshake"),
          Map.entry(200, "OK"),
          Map.entry(201, "Created"),
          Map.entry(204, "No Content"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(409, "Conflict"),
          Map.entry(410, "Gone"),
          Map.entry(413, "Request Entity Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(503, "Service Unavailable"));

  private final boolean tomcat;

  /**
   * Makes one for a container.
   *
   * @param serverInfo what it calls itself, for example {@code Apache Tomcat/11.0.25}
   */
  Heads(String serverInfo) {
    tomcat = serverInfo.startsWith("Apache Tomcat");
  }

  /** Returns the bytes of a request up to its body. */
  static long request(String method, String target, String protocol, List<Header> headers) {
    return method.length()
        + 1L
        + target.length()
        + 1
        + protocol.length()
        + LINE_END
        + size(headers)
        + LINE_END;
  }

  /** Returns the bytes of a response up to its body. */
  long response(Response response) {
    Set<String> given =
        response.headers().stream()
            .map(header -> header.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    long size = VERSION + 3L + 1 + reason(response.status()).length() + LINE_END + LINE_END;
    size += size(response.headers());
    if (tomcat) {
      size += missing(given, DATE);
    }
    if (!response.type().isEmpty()) {
      size += missing(given, new Header("Content-Type", response.type()));
    }
    if (response.chunked()) {
      size += missing(given, new Header("Transfer-Encoding", "chunked"));
    } else if (response.length() >= 0) {
      size += missing(given, new Header("Content-Length", Long.toString(response.length())));
    }
    if (tomcat && response.keepAlive() && response.status() != 101) {
      size += missing(given, new Header("Keep-Alive", "timeout=20"));
      size += missing(given, new Header("Connection", "keep-alive"));
    }
    return size;
  }

  /** Returns after how many bytes a piece of a body of unknown length is sent unasked. */
  long buffer() {
    return tomcat ? TOMCAT_BUFFER : Long.MAX_VALUE;
  }

  /** Returns the bytes around a piece of a body whose length was not known beforehand. */
  static long chunk(long payload) {
    return payload == 0 ? 0 : Long.toHexString(payload).length() + 2L * LINE_END;
  }

  /** Returns the bytes that end such a body. */
  static long lastChunk() {
    return 1 + 2L * LINE_END;
  }

  private String reason(int status) {
    return tomcat ? "" : REASONS.getOrDefault(status, "");
  }

  private static long missing(Set<String> given, Header header) {
    return given.contains(header.name().toLowerCase(Locale.ROOT)) ? 0 : header.size();
  }

  private static long size(Collection<Header> headers) {
    return headers.stream().mapToLong(Header::size).sum();
  }
}
