package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a load balancer asks, and what nobody may download. */
class HealthIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/started", "/health/live", "/health/ready"})
  void theServerIsUp(String below) {
    HttpReply reply = api().call(api().request(below));
    assertEquals(200, reply.status(), reply::toString);
    assertTrue(
        reply.header("Content-Type").orElse("").startsWith("application/json"), reply::toString);
    assertEquals("UP", reply.json().getString("status"), reply::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/io/switchboard/boot/standalone/Main.class",
        "/io/switchboard/boot/standalone/",
        "/WEB-INF/web.xml",
        "/META-INF/MANIFEST.MF",
        "/WEB-INF/server/",
      })
  void theProgramInTheWarIsNotServed(String below) {
    HttpReply reply = api().call(api().request(below));
    assertTrue(reply.status() == 404 || reply.status() == 403, reply::toString);
  }

  @Test
  void thePageIsServed() {
    HttpReply reply = api().call(api().request("/"));
    assertEquals(200, reply.status(), reply::toString);
    assertTrue(reply.header("Content-Type").orElse("").startsWith("text/html"), reply::toString);
  }
}
