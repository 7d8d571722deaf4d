package io.switchboard.wire;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The origin rule when the pages are listed in {@code switchboard.origins}. */
class OriginListIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard(
        "switchboard.origins", "https://app.example, http://localhost:3000,https://b.example:8443");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example",
        "https://APP.example",
        "https://app.example:443",
        "http://localhost:3000",
        "https://b.example:8443",
      })
  void aListedOriginIsAllowed(String origin) {
    chat(handshake().origin(origin)).assertNothingMore();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://evil-app.example",
        "https://sub.app.example",
        "https://app.example@evil.example",
        "https://evil.example@app.example",
        "https://app.example, http://localhost:3000",
        "http://localhost",
        "http://localhost:30000",
        "https://localhost:3000",
        "https://b.example",
        "app.example",
      })
  void anyOtherIsRefused(String origin) {
    assertRefused(403, handshake().origin(origin));
  }
}
