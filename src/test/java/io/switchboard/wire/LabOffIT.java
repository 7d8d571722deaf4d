package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpRequest;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** A server whose lab is switched off, as in production. */
class LabOffIT extends WireTest {

  @Deployment(testable = false)
  static WebArchive war() {
    return Deployments.switchboard("switchboard.lab", "false");
  }

  @Test
  void itHasNoServersSide() {
    assertProblem(404, api().call(api().request("/lab/info")));
    assertProblem(
        404,
        api()
            .call(
                api()
                    .request("/lab/runs")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"rate\":1,\"size\":64}"))));
  }

  @Test
  void thereIsNoBench() {
    assertEquals("welcome", websocket(handshake().query("bench")).nextJson().getString("type"));
  }

  @Test
  void itsNamespaceIsUnknown() {
    SuperchatClient ann = new SuperchatClient(websocket(handshake().offering("superchat")));
    ann.ask("{'type':'connect','id':1}", "connected");
    ann.send("{'type':'subscribe','id':2,'channel':'lab:x'}");
    ann.error("unknown-channel", 2);
  }
}
