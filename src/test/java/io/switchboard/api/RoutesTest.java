package io.switchboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.switchboard.auth.NamespacePolicy;
import io.switchboard.auth.Scope;
import io.switchboard.auth.Tickets;
import io.switchboard.channel.Namespace;
import io.switchboard.testing.TestNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class RoutesTest {
  private static List<Route> routes() {
    TestNode node = new TestNode(3);
    Routes routes =
        new Routes(
            new Routes.Node(
                node.hub,
                node.registry,
                node.bus,
                new NamespacePolicy(Namespace.SHIPPED),
                new Tickets(new Random(1), node.time),
                node.draining,
                node.limits,
                new ApiSettings(1, 1, 1_000),
                node.time,
                Object::new,
                node.json));
    return routes.router().routes();
  }

  @Test
  void everyRouteIsDescribedWithWhatItNeedsAndNothingElseIs() throws IOException {
    Map<String, Set<String>> served = new TreeMap<>();
    for (Route route : routes()) {
      Set<String> needs =
          route.needs().stream().map(Scope::word).collect(Collectors.toCollection(TreeSet::new));
      served.put(route.method() + " " + route.path(), needs);
    }
    assertFalse(served.isEmpty());
    assertEquals(described(), served);
  }

  @Test
  void everyRouteButTheDescriptionNeedsAScope() {
    for (Route route : routes()) {
      assertEquals(route.path().equals(Routes.DESCRIPTION), route.needs().isEmpty(), route::path);
    }
  }

  private static Map<String, Set<String>> described() throws IOException {
    Map<String, Set<String>> described = new TreeMap<>();
    try (InputStream in =
        Objects.requireNonNull(Routes.class.getResourceAsStream("openapi.yaml"))) {
      JsonNode paths = new YAMLMapper().readTree(in).get("paths");
      for (String path : paths.propertyNames()) {
        for (String key : paths.get(path).propertyNames()) {
          if (!key.equals("parameters")) {
            Set<String> needs = new TreeSet<>();
            JsonNode security = paths.get(path).get(key).path("security").path(0);
            security.path("apiKey").forEach(scope -> needs.add(scope.asString()));
            described.put(key.toUpperCase(Locale.ROOT) + " " + path, needs);
          }
        }
      }
    }
    return described;
  }
}
