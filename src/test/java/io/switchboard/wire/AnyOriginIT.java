package io.switchboard.wire;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The origin rule when {@code switchboard.origins} is {@code *}. */
class AnyOriginIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard("switchboard.origins", "*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "https://app.example:8443", "http://[::1]:81"})
  void everyPageIsAllowed(String origin) {
    chat(handshake().origin(origin)).assertNothingMore();
  }
}
