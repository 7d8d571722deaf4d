package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.channel.ChannelName;
import io.switchboard.channel.Payload;
import io.switchboard.hub.Hub;
import io.switchboard.session.SessionRegistry;
import jakarta.inject.Inject;
import jakarta.json.Json;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What application code in the same container may inject; this test runs inside it. */
@ExtendWith(ArquillianExtension.class)
class RegistryInContainerIT {

  @Deployment
  static WebArchive war() {
    return Deployments.inContainer();
  }

  @Inject
  @SuppressWarnings("NullAway.Init")
  private SessionRegistry registry;

  @Inject
  @SuppressWarnings("NullAway.Init")
  private Hub hub;

  @Test
  void theRegistryOfTheServerIsInjected() {
    assertEquals(0, registry.size());
    assertFalse(registry.isDraining());
    assertEquals(Optional.empty(), registry.find("nobody"));
  }

  @Test
  void theHubOfTheServerPublishes() throws Exception {
    ChannelName channel = ChannelName.room("in-container-" + UUID.randomUUID());
    Payload data = Payload.of(Json.createObjectBuilder().add("text", "from a bean").build());
    for (int offset = 1; offset <= 3; offset++) {
      var published =
          hub.publish(channel, null, data, false).toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertEquals(offset, published.position().offset());
      assertTrue(published.at().toEpochMilli() > 0);
    }
  }
}
