package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Where the operator has opened the metrics. */
class MetricsForAnyoneIT extends WireTest {
  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard("switchboard.metrics.access", "anyone");
  }

  @Test
  void noKeyIsAskedFor() {
    HttpReply reply = api().call(api().request("/metrics"));
    assertEquals(200, reply.status(), reply::toString);
    assertTrue(reply.body().contains("switchboard_draining 0.0"), reply::toString);
    assertProblem(401, api().call(api().request("/api/channels")));
  }

  @Test
  void openMetricsIsSpokenToWhoAsksForIt() {
    HttpReply reply =
        api()
            .call(
                api()
                    .request("/metrics")
                    .header(
                        "Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
    assertTrue(
        reply.header("Content-Type").orElse("").startsWith("application/openmetrics-text"),
        reply::toString);
    assertTrue(reply.body().endsWith("# EOF\n"), reply::toString);
  }
}
