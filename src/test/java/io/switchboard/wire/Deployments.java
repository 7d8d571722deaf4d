package io.switchboard.wire;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;

/**
 * The built WAR as the tests deploy it: at {@code /switchboard}, not a class changed.
 *
 * <p>Settings are given as context parameters, which is what another {@code web.xml} can do. The
 * limits per address are lifted unless a test sets them, because a whole suite comes from one
 * address. Each deployment has a fresh home, a folder of the build, and keeps its log by the {@link
 * EngineUnderTest}. One is deployed at a time.
 */
final class Deployments {
  private static final Path WEB_XML = Path.of("webapp", "WEB-INF", "web.xml");
  // The absolute ordering of web.xml hides the web fragment that would declare this.
  private static final String RUNNER =
      """
        <servlet>
          <servlet-name>ArquillianServletRunnerEE9</servlet-name>
          <servlet-class>org.jboss.arquillian.protocol.servlet5.runner.ServletTestRunner</servlet-class>
        </servlet>
        <servlet-mapping>
          <servlet-name>ArquillianServletRunnerEE9</servlet-name>
          <url-pattern>/ArquillianServletRunnerEE9</url-pattern>
        </servlet-mapping>
      """;

  // Filters of web.xml stand before those of annotations.
  private static final String KNOWN_USERS =
      """
        <filter>
          <filter-name>known-users</filter-name>
          <filter-class>io.switchboard.wire.KnownUserFilter</filter-class>
          <async-supported>true</async-supported>
        </filter>
        <filter-mapping>
          <filter-name>known-users</filter-name>
          <url-pattern>/chat</url-pattern>
          <url-pattern>/chat/sessions/*</url-pattern>
        </filter-mapping>
      """;

  private static volatile @Nullable Path home;

  private Deployments() {}

  /** The home folder of the server under test, on the same machine. */
  static Path home() {
    return Objects.requireNonNull(home, "nothing is deployed");
  }

  /** Makes a home, and deletes those of earlier deployments. */
  private static Path newHome() {
    Path parent = Path.of(property("switchboard.test.home"));
    try {
      if (Files.exists(parent)) {
        try (Stream<Path> left = Files.walk(parent)) {
          for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
      Files.createDirectories(parent);
      Path made = Files.createTempDirectory(parent, "home-");
      home = made;
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a home in " + parent, e);
    }
  }

  /** {@code settings} are keys and values in turn. */
  static WebArchive switchboard(String... settings) {
    return war().setWebXML(new StringAsset(webXml(with(settings), "")));
  }

  /** The same, for clients whose names are proven: see {@link KnownUserFilter}. */
  static WebArchive withKnownUsers(String... settings) {
    return war()
        .addClass(KnownUserFilter.class)
        .setWebXML(new StringAsset(webXml(with(settings), KNOWN_USERS)));
  }

  /** The same with {@code more} in its web.xml. */
  static WebArchive withWebXml(String more, String... settings) {
    return war().setWebXML(new StringAsset(webXml(with(settings), more)));
  }

  /** The WAR with the servlet by which Arquillian runs tests inside the container. */
  static WebArchive inContainer() {
    return war().setWebXML(new StringAsset(webXml(with(), RUNNER)));
  }

  private static WebArchive war() {
    return ShrinkWrap.create(ZipImporter.class, "switchboard.war")
        .importFrom(new File(property("war")))
        .as(WebArchive.class);
  }

  private static Map<String, String> with(String... settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("switchboard.home", newHome().toString());
    all.putAll(EngineUnderTest.settings());
    all.put("switchboard.connections.per-address", "100000");
    all.put("switchboard.handshakes.rate", "100000");
    all.put("switchboard.handshakes.burst", "100000");
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return all;
  }

  private static String webXml(Map<String, String> settings, String more) {
    StringBuilder parameters = new StringBuilder();
    settings.forEach(
        (key, value) ->
            parameters
                .append("  <context-param><param-name>")
                .append(key)
                .append("</param-name><param-value>")
                .append(value)
                .append("</param-value></context-param>\n"));
    try {
      String given = Files.readString(WEB_XML);
      return given.replace("</web-app>", parameters + more + "</web-app>");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + WEB_XML, e);
    }
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name + " is set by the build");
  }
}
