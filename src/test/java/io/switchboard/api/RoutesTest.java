package io.switchboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.switchboard.auth.ChannelPolicy;
import io.switchboard.auth.Tickets;
import io.switchboard.channel.Namespace;
import io.switchboard.testing.TestNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class RoutesTest {
  @Test
  void everyRouteIsDescribedAndNothingElseIs() throws IOException {
    TestNode node = new TestNode(3);
    Routes routes =
        new Routes(
            new Routes.Node(
                node.hub,
                node.registry,
                node.bus,
                new ChannelPolicy(Namespace.SHIPPED),
                new Tickets(new Random(1), node.time),
                node.limits,
                node.time,
                Object::new,
                node.json));
    Set<String> served = new TreeSet<>();
    routes.router().routes().forEach(route -> served.add(route.method() + " " + route.path()));
    assertFalse(served.isEmpty());
    assertEquals(described(), served);
  }

  private static Set<String> described() throws IOException {
    Set<String> described = new TreeSet<>();
    try (InputStream in =
        Objects.requireNonNull(Routes.class.getResourceAsStream("openapi.yaml"))) {
      JsonNode paths = new YAMLMapper().readTree(in).get("paths");
      for (String path : paths.propertyNames()) {
        for (String key : paths.get(path).propertyNames()) {
          if (!key.equals("parameters")) {
            described.add(key.toUpperCase(Locale.ROOT) + " " + path);
          }
        }
      }
    }
    return described;
  }
}
