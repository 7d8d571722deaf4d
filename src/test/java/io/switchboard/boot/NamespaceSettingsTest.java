package io.switchboard.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.switchboard.boot.SettingsLoader.BadSettings;
import io.switchboard.channel.Namespace;
import io.switchboard.channel.Namespace.Access;
import io.switchboard.channel.Namespace.Deliver;
import io.switchboard.ops.NodeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceSettingsTest {
  private static final Namespace ORDERS =
      new Namespace(
          "orders",
          Access.AUTHENTICATED,
          Access.SERVER,
          100_000,
          Duration.ofDays(7),
          true,
          Deliver.EVERY,
          false,
          5);

  @TempDir private Path home = Path.of("unset");

  private List<Namespace> load(Map<String, String> system, Map<String, String> environment) {
    Map<String, String> withHome = new HashMap<>(system);
    withHome.put("switchboard.home", home.toString());
    withHome.put("switchboard.lab", "false"); // it has a namespace of its own
    return SettingsLoader.load(
            List.of(
                new PropertiesConfigSource(withHome, "system", SettingsLoader.SYSTEM),
                new EnvConfigSource(environment, SettingsLoader.ENVIRONMENT)),
            Map.of())
        .namespaces();
  }

  private String mistakes(Map<String, String> system, Map<String, String> environment) {
    return String.valueOf(
        assertThrows(BadSettings.class, () -> load(system, environment)).getMessage());
  }

  private static Namespace named(String name, List<Namespace> all) {
    return all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void withoutASettingThereAreTheShippedOnesAndThatOfTheAdminPage() {
    List<Namespace> expected = new ArrayList<>(Namespace.SHIPPED);
    expected.add(NodeReport.namespace());
    assertEquals(expected, load(Map.of(), Map.of()));
  }

  @Test
  void aNamespaceIsAddedByTheFile() throws IOException {
    Files.writeString(
        home.resolve("switchboard.properties"),
        """
        switchboard.namespace.orders.subscribe=authenticated
        switchboard.namespace.orders.publish=server
        switchboard.namespace.orders.history-size=100000
        switchboard.namespace.orders.history-age=7d
        switchboard.namespace.orders.presence=true
        switchboard.namespace.orders.deliver=every
        switchboard.namespace.orders.durable=false
        switchboard.namespace.orders.publish-rate=5
        """);
    assertEquals(ORDERS, named("orders", load(Map.of(), Map.of())));
  }

  @Test
  void aNamespaceIsAddedByTheEnvironment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("SWITCHBOARD_NAMESPACE_ORDERS_HISTORY_SIZE", "100000");
    environment.put("SWITCHBOARD_NAMESPACE_ORDERS_HISTORY_AGE", "7d");
    environment.put("SWITCHBOARD_NAMESPACE_ORDERS_PRESENCE", "true");
    environment.put("SWITCHBOARD_NAMESPACE_ORDERS_DURABLE", "false");
    environment.put("SWITCHBOARD_NAMESPACE_ORDERS_PUBLISH_RATE", "5");
    environment.put("SWITCHBOARD_NAMESPACE_BACK_OFFICE_PUBLISH", "owner");
    List<Namespace> all = load(Map.of(), environment);
    assertEquals(ORDERS, named("orders", all));
    assertEquals(Access.OWNER, named("back-office", all).publish());
    assertEquals(Namespace.SHIPPED.size() + 2 + 1, all.size());
  }

  @Test
  void whatIsNotSaidOfANewOneIsAsOfPush() {
    Namespace news =
        named("news", load(Map.of("switchboard.namespace.news.presence", "true"), Map.of()));
    Namespace push = named("push", Namespace.SHIPPED);
    assertEquals(push.subscribe(), news.subscribe());
    assertEquals(push.publish(), news.publish());
    assertEquals(push.historySize(), news.historySize());
    assertEquals(push.historyAge(), news.historyAge());
  }

  @Test
  void aShippedOneIsChangedInWhatIsSaidOnly() {
    Namespace room =
        named("room", load(Map.of("switchboard.namespace.room.history-size", "7"), Map.of()));
    Namespace shipped = named("room", Namespace.SHIPPED);
    assertEquals(7, room.historySize());
    assertEquals(shipped.historyAge(), room.historyAge());
    assertEquals(shipped.publish(), room.publish());
    assertTrue(room.presence());
  }

  @Test
  void allMistakesAreToldTogether() throws IOException {
    Files.writeString(
        home.resolve("switchboard.properties"),
        """
        switchboard.namespace.orders.histroy-size=1
        switchboard.namespace.Orders.presence=true
        """);
    String message =
        mistakes(
            Map.of(
                "switchboard.namespace.orders.subscribe", "everyone",
                "switchboard.namespace.orders.history-size", "-1",
                "switchboard.namespace.live.history-size", "10",
                "switchboard.namespace.x", "1"),
            Map.of(
                "SWITCHBOARD_NAMESPACE_ORDERS_HISTORY_AGE", "long",
                "SWITCHBOARD_NAMESPACE_ORDERS_SIZE", "1",
                "SWITCHBOARD_NAMESPACE__PRESENCE", "true"));
    for (String part :
        List.of(
            "9 settings are wrong",
            "switchboard.namespace.orders.subscribe: expected one of anyone, authenticated, owner,"
                + " token, server, got \"everyone\" (from the system property",
            "switchboard.namespace.orders.history-size: expected a whole number from 0 to 10000000",
            "switchboard.namespace.orders.history-age: expected a duration from 1s to",
            "got \"long\" (from the environment variable"
                + " SWITCHBOARD_NAMESPACE_ORDERS_HISTORY_AGE)",
            "switchboard.namespace.live.deliver: expected every where",
            "switchboard.namespace.orders.histroy-size: there is no such setting; a namespace has"
                + " subscribe, publish, history-access,",
            "switchboard.namespace.x: there is no such setting",
            "switchboard.namespace.Orders.presence: expected a namespace of at most 64 small",
            "SWITCHBOARD_NAMESPACE_ORDERS_SIZE: there is no such setting; a namespace has"
                + " SUBSCRIBE, PUBLISH, HISTORY_ACCESS,",
            "SWITCHBOARD_NAMESPACE__PRESENCE: expected a namespace of at most 64 small")) {
      assertTrue(message.contains(part), () -> part + " is not in " + message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"back_office", "a.b", "-a", "a--b", "1a", "ö"})
  void aNameHasOneSpellingInTheEnvironment(String name) {
    String key = "switchboard.namespace." + name + ".presence";
    assertTrue(mistakes(Map.of(key, "true"), Map.of()).contains(key + ": expected a namespace"));
  }
}
