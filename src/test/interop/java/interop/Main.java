package interop;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code Main NAME}: the client of that name, told by lines what to do. */
final class Main {
  private static final Logger ROOT = Logger.getLogger("");

  private Main() {}

  public static void main(String[] args) throws Exception {
    System.setOut(new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8));
    ROOT.setLevel(Level.WARNING);
    Peer peer = new Peer();
    Client client =
        switch (args[0]) {
          case "jdk" -> new JdkClient(peer);
          case "tyrus" -> StandardClient.tyrus(peer);
          case "tomcat" -> StandardClient.tomcat(peer);
          case "okhttp" -> new OkHttpSocket(peer);
          case "jetty" -> new JettyClient(peer);
          case "java-websocket" -> new JavaWebSocketClient(peer);
          case "vertx" -> new VertxClient(peer);
          default -> throw new IllegalArgumentException("no client is called " + args[0]);
        };
    peer.line("version " + version(client.library()));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        obey(client, line);
      } catch (Exception e) {
        peer.failed(e);
      }
    }
    System.exit(0); // not every library's threads end by themselves
  }

  private static void obey(Client client, String line) throws Exception {
    String[] words = line.split(" ", 2);
    switch (words[0]) {
      case "open" -> {
        String[] what = words[1].split(" ");
        client.open(URI.create(what[0]), what[1]);
      }
      case "text" -> client.text(words[1]);
      case "binary" -> client.binary(HexFormat.of().parseHex(words[1]));
      case "close" -> {
        String[] what = words[1].split(" ", 2);
        client.close(Integer.parseInt(what[0]), what[1]);
      }
      default -> throw new IllegalArgumentException("no order is called " + words[0]);
    }
  }

  private static String version(Class<?> library) {
    if (library == Main.class) {
      return System.getProperty("java.version");
    }
    String jar = library.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.replaceFirst(".*?-([0-9][^/]*)\\.jar$", "$1");
  }
}
