package io.switchboard.auth;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may connect, judged by the {@code Origin} header that a browser cannot be talked
 * out of (RFC 6454, RFC 6455 section 10.2). Immutable.
 */
public final class OriginPolicy {
  private final boolean any;
  private final Set<Origin> listed;

  /** Scheme, host and port, in one spelling. */
  private record Origin(String scheme, String host, int port) {
    /** Wider than a URI's host: intranet names have underscores. */
    private static final Pattern SYNTAX =
        Pattern.compile(
            "(https?)://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::([1-9][0-9]{0,4}))?",
            Pattern.CASE_INSENSITIVE);

    static Optional<Origin> parse(String text) {
      Matcher matcher = SYNTAX.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
      String digits = matcher.group(3);
      int port = digits == null ? defaultPort(scheme) : Integer.parseInt(digits);
      return port < 1 || port > 65_535
          ? Optional.empty()
          : Optional.of(new Origin(scheme, matcher.group(2).toLowerCase(Locale.ROOT), port));
    }

    private static int defaultPort(String scheme) {
      return scheme.equals("https") ? 443 : 80;
    }
  }

  /**
   * Makes a policy.
   *
   * @param allowed origins such as {@code https://chat.example:8443}, or {@code *} for all; empty
   *     for the page's own host and port only
   * @throws IllegalArgumentException naming the entry that is no origin
   */
  public OriginPolicy(List<String> allowed) {
    any = allowed.contains("*");
    listed =
        allowed.stream()
            .filter(entry -> !entry.equals("*"))
            .map(
                entry ->
                    Origin.parse(entry)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "expected * or origins such as https://chat.example:8443, got "
                                        + entry)))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns whether a page of {@code origin} may connect.
   *
   * <p>Without a list, an origin must name the host and port of the request. A request that came
   * without TLS may have left a proxy that ended it, so there the scheme is taken from the origin.
   *
   * @param origin the header's value; absent where no browser is involved, which is allowed
   * @param host the {@code Host} header
   * @param secure whether the request came over TLS
   */
  public boolean allows(@Nullable String origin, @Nullable String host, boolean secure) {
    return any || allowsByName(origin, host, secure);
  }

  /**
   * Returns whether a page of {@code origin} may connect where the browser adds credentials that
   * the page need not know: {@code *} does not count, because any page would ride on them.
   */
  public boolean allowsByName(@Nullable String origin, @Nullable String host, boolean secure) {
    if (origin == null) {
      return true;
    }
    Optional<Origin> from = Origin.parse(origin);
    if (from.isEmpty()) {
      return false;
    }
    if (listed.contains(from.get())) {
      return true;
    }
    if (!listed.isEmpty() && !any) {
      return false;
    }
    if (host == null || (secure && !from.get().scheme().equals("https"))) {
      return false;
    }
    return Origin.parse(from.get().scheme() + "://" + host).equals(from);
  }
}
