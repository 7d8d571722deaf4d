package io.switchboard.admission;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word counts for who a client is and what it asked for: in {@code Forwarded}
 * (RFC 7239), or else in {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port}.
 * Immutable.
 *
 * <p>Every proxy adds to the right of what it was told, so only what trusted ones have added is
 * read: from the right, up to the first address that is none of theirs. That is the client. What is
 * left of it anybody may have written.
 *
 * <p>A proxy sets one of the two headers and may let the other one through as the client sent it.
 * Where both are there and name different clients neither is believed.
 */
public final class TrustedProxies {
  private final List<Network> networks;

  /**
   * Who sent a request, as far as it can be believed.
   *
   * @param address where it came from
   * @param host the host and port that were asked for; absent if the request says none
   * @param secure whether it left the client over TLS
   */
  record Sender(String address, @Nullable String host, boolean secure) {}

  /** What a proxy said of the one before it; what it did not say is absent. */
  private record Hop(@Nullable String node, @Nullable String proto, @Nullable String host) {}

  /**
   * Makes a list.
   *
   * @param trusted addresses such as {@code 10.0.0.5} and networks such as {@code fd00::/8}
   * @throws IllegalArgumentException naming the entry that is neither
   */
  public TrustedProxies(List<String> trusted) {
    networks =
        trusted.stream()
            .map(
                entry ->
                    Network.parse(entry)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "expected an address such as 10.0.0.5 or a network such as"
                                        + " fd00::/8, got "
                                        + entry)))
            .toList();
  }

  /** Returns who sent {@code request}. */
  Sender sender(HttpServletRequest request) {
    return sender(
        new Sender(request.getRemoteAddr(), request.getHeader("Host"), request.isSecure()),
        name -> Collections.list(request.getHeaders(name)));
  }

  /**
   * Returns who sent a request.
   *
   * @param peer the other end of the connection, and what the request itself says
   * @param headers the lines of a header
   */
  Sender sender(Sender peer, Function<String, List<String>> headers) {
    if (!isTrusted(Network.address(peer.address().split("%", 2)[0]).orElse(null))) {
      return peer;
    }
    List<String> standard = headers.apply("Forwarded");
    List<String> common = list(headers, "X-Forwarded-For");
    if (standard.isEmpty()) {
      return furthest(peer, hops(common, headers));
    }
    Sender sender =
        Forwarded.parse(standard).map(elements -> furthest(peer, hops(elements))).orElse(peer);
    boolean agreed =
        common.isEmpty()
            || furthest(peer, hops(common, headers)).address().equals(sender.address());
    return agreed ? sender : peer;
  }

  private static List<Hop> hops(List<Map<String, String>> elements) {
    return elements.stream()
        .map(element -> new Hop(element.get("for"), element.get("proto"), element.get("host")))
        .toList();
  }

  /** The other headers have an entry for each hop, or fewer: then of those nearest to us. */
  private static List<Hop> hops(List<String> nodes, Function<String, List<String>> headers) {
    List<String> protos = list(headers, "X-Forwarded-Proto");
    List<String> hosts = list(headers, "X-Forwarded-Host");
    List<String> ports = list(headers, "X-Forwarded-Port");
    int count = Math.max(1, nodes.size());
    return IntStream.range(0, count)
        .map(i -> count - 1 - i)
        .mapToObj(
            i ->
                new Hop(
                    fromTheRight(nodes, i),
                    fromTheRight(protos, i),
                    withPort(fromTheRight(hosts, i), fromTheRight(ports, i))))
        .toList();
  }

  private static @Nullable String fromTheRight(List<String> list, int index) {
    return index < list.size() ? list.get(list.size() - 1 - index) : null;
  }

  private static @Nullable String withPort(@Nullable String host, @Nullable String port) {
    boolean hasNone = host != null && (host.endsWith("]") || host.indexOf(':') < 0);
    return hasNone && port != null && port.matches("\\d{1,5}") ? host + ":" + port : host;
  }

  private static List<String> list(Function<String, List<String>> headers, String name) {
    List<String> entries = new ArrayList<>();
    for (String line : headers.apply(name)) {
      for (String entry : line.split(",", -1)) {
        if (!entry.isBlank()) {
          entries.add(entry.strip());
        }
      }
    }
    return entries;
  }

  private Sender furthest(Sender peer, List<Hop> hops) {
    Sender sender = peer;
    for (int i = hops.size() - 1; i >= 0; i--) {
      Hop hop = hops.get(i);
      InetAddress node = node(hop.node()).orElse(null);
      String proto = hop.proto();
      String host = hop.host();
      sender =
          new Sender(
              node == null ? sender.address() : node.getHostAddress(),
              host == null || host.isBlank() ? sender.host() : host,
              proto == null
                  ? sender.secure()
                  : proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("wss"));
      if (!isTrusted(node)) {
        break;
      }
    }
    return sender;
  }

  /** Reads an address, with or without a port; nothing for {@code unknown} and {@code _hidden}. */
  private static Optional<InetAddress> node(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    int colon = text.lastIndexOf(':');
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      boolean whole = end == text.length() - 1 || colon == end + 1;
      return end > 0 && whole ? Network.address(text.substring(1, end)) : Optional.empty();
    }
    boolean hasPort = colon >= 0 && colon == text.indexOf(':');
    return Network.address(hasPort ? text.substring(0, colon) : text);
  }

  private boolean isTrusted(@Nullable InetAddress address) {
    return address != null && networks.stream().anyMatch(network -> network.contains(address));
  }
}
