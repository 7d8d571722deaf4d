package io.switchboard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A WAR that was deployed, used and taken away ten times leaves no thread and no class behind in a
 * server that goes on.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class RedeployIT {
  private static final int TIMES = 10;
  private static final Duration TO_BE_FREE = Duration.ofSeconds(20);

  /** Tomcat may keep the last one until the next comes. */
  private static final int KEPT = 1;

  /**
   * GlassFish 7.0.21 keeps the class loader of everything that was ever deployed, also of a WAR
   * that is one page and no class, on its list of who wants to hear of deployments. There it is
   * counted what these classes have made.
   */
  private static final boolean KEEPS_ALL =
      "glassfish".equals(System.getProperty("arquillian.launch"));

  /** Threads of GlassFish that keep the class loader of whose request they were made for. */
  private static final Pattern OF_THE_SERVER =
      Pattern.compile("thread (glassfish-web-async-thread|concurrent/__default).*");

  private final HttpClient http = HttpClient.newHttpClient();

  @ArquillianResource
  @SuppressWarnings("NullAway.Init")
  private Deployer deployer;

  @Deployment(name = "probe", testable = false)
  static WebArchive probe() {
    return ShrinkWrap.create(WebArchive.class, "jvm-probe.war").addClass(JvmServlet.class);
  }

  @Deployment(name = "switchboard", managed = false, testable = false)
  static WebArchive war() {
    return Deployments.switchboard("switchboard.drain-timeout", "1s");
  }

  private record Jvm(int loaders, int objects, List<String> threads) {}

  @Test
  void nothingIsLeftOfWhatWasTakenAway(@ArquillianResource @OperateOnDeployment("probe") URL probe)
      throws Exception {
    Target server = new Target(probe.getHost(), probe.getPort(), "/switchboard");
    Jvm before = look(probe);
    assertEquals(0, before.objects(), before::toString);
    for (int i = 0; i < TIMES; i++) {
      deployer.deploy("switchboard");
      use(server, () -> deployer.undeploy("switchboard"));
      assertGone(probe, before);
    }
  }

  private void assertGone(URL probe, Jvm before) throws Exception {
    Deadline deadline = Deadline.in(TO_BE_FREE);
    Jvm after = look(probe);
    while (!isGone(after, before) && !deadline.passed()) {
      after = look(probe);
    }
    assertTrue(isGone(after, before), "before: %s, now: %s".formatted(before, after));
  }

  private static boolean isGone(Jvm after, Jvm before) {
    return before.threads().containsAll(after.threads())
        && after.objects() == 0
        && (KEEPS_ALL || after.loaders() <= before.loaders() + KEPT);
  }

  /** Clients of every kind, who are there when {@code end} takes it away. */
  private void use(Target server, Runnable end) throws Exception {
    try (RawSocket one = RawSocket.connect(server);
        RawSocket other = RawSocket.connect(server)) {
      ChatClient ann = new ChatClient(RawWebSocket.open(one, Handshake.to(server)));
      ann.join("lobby", "Ann");
      ann.say("lobby", "hi");
      SuperchatClient bob =
          new SuperchatClient(RawWebSocket.open(other, Handshake.to(server).offering("superchat")));
      bob.ask("{'type':'connect','id':1}", "connected");
      bob.ask("{'type':'subscribe','id':2,'channel':'room:lobby','presence':true}", "subscribed");
      bob.ask("{'type':'history','id':3,'channel':'room:lobby'}", "history");
      new Api(server).published("{\"channel\":\"room:lobby\",\"data\":{\"text\":\"hi\"}}");
      HttpPeer eve = new HttpPeer(server, () -> RawSocket.connect(server), HttpPeer.How.SSE);
      eve.connect("{\"type\":\"connect\",\"id\":1,\"subs\":{\"room:lobby\":null}}", "");
      end.run();
      eve.cut();
    }
  }

  private Jvm look(URL probe) throws Exception {
    HttpResponse<String> told =
        http.send(
            HttpRequest.newBuilder(probe.toURI().resolve("jvm")).build(), BodyHandlers.ofString());
    assertEquals(200, told.statusCode(), told::body);
    TreeMap<String, Integer> counts = new TreeMap<>();
    List<String> threads =
        told.body()
            .lines()
            .filter(line -> line.startsWith("thread "))
            .filter(line -> !OF_THE_SERVER.matcher(line).matches())
            .toList();
    told.body()
        .lines()
        .filter(line -> !line.startsWith("thread "))
        .map(line -> line.split(" "))
        .forEach(line -> counts.merge(line[0], Integer.parseInt(line[1]), Integer::sum));
    int objects =
        counts.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("io.switchboard."))
            .mapToInt(Map.Entry::getValue)
            .sum();
    int loaders = counts.values().stream().mapToInt(n -> n).sum() - objects;
    return new Jvm(loaders, objects, threads);
  }
}
