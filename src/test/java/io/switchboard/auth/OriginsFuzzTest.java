package io.switchboard.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Who is let in is of exactly the host and port that it must be, as another parser sees them. See
 * {@code src/test/fuzz}.
 */
class OriginsFuzzTest {
  private static final OriginPolicy OWN = new OriginPolicy(List.of());
  private static final OriginPolicy LISTED =
      new OriginPolicy(List.of("https://chat.example", "http://intranet.example:8080"));

  /** Parts of names and of attacks, so that something is let in now and then. */
  private static final String[] PARTS = {
    "http://",
    "https://",
    "chat.example",
    "intranet.example",
    ":8080",
    ":443",
    ":80",
    ".",
    "@",
    "/",
    "#",
    "?",
    "\\",
    "evil",
    ",",
    " ",
    "[::1]",
    "CHAT",
    "%2e",
    "\u3002",
    "\u0430",
    "null",
    "\u212a"
  };

  private static String consume(FuzzedDataProvider data) {
    StringBuilder text = new StringBuilder();
    for (int i = data.consumeInt(0, 6); i > 0; i--) {
      text.append(data.consumeBoolean() ? data.pickValue(PARTS) : data.consumeString(8));
    }
    return text.toString();
  }

  @FuzzTest
  void own(FuzzedDataProvider data) {
    String origin = consume(data);
    String host = consume(data);
    boolean secure = data.consumeBoolean();
    if (!OWN.allows(origin, host, secure)) {
      return;
    }
    String scheme = origin.substring(0, origin.indexOf(':')).toLowerCase(Locale.ROOT);
    assertTrue(scheme.equals("https") || (scheme.equals("http") && !secure), origin);
    assertEquals(authority(scheme + "://" + host), authority(origin), origin + " at " + host);
  }

  @FuzzTest
  void listed(FuzzedDataProvider data) {
    String origin = consume(data);
    if (LISTED.allows(origin, consume(data), data.consumeBoolean())) {
      String seen = origin.substring(0, origin.indexOf(':')).toLowerCase(Locale.ROOT);
      assertTrue(
          List.of("https chat.example:443", "http intranet.example:8080")
              .contains(seen + " " + authority(origin)),
          origin);
    }
  }

  /** Returns host and port as the JDK reads them; nothing of anybody else may be there. */
  private static String authority(String origin) {
    URI uri = URI.create(origin.replace('_', '-')); // which the JDK takes for no host
    assertTrue(
        uri.getRawUserInfo() == null
            && uri.getRawPath().isEmpty()
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null,
        origin);
    String authority = uri.getRawAuthority().toLowerCase(Locale.ROOT);
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    int port =
        hasPort
            ? Integer.parseInt(authority.substring(colon + 1))
            : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    return (hasPort ? authority.substring(0, colon) : authority) + ":" + port;
  }
}
