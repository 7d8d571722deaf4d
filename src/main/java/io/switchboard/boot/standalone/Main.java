package io.switchboard.boot.standalone;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The {@code java -jar} entry: reads the options, unpacks the WAR, starts the server on it, prints
 * one line and serves until a signal ends the process.
 */
public final class Main {
  private static final int CANNOT_START = 2;
  private static final long STOP_MILLIS = 20_000;

  /** Set by a build tool that starts the WAR and does not pass on its own end. */
  private static final String FOLLOW_PARENT = "launcher.followParent";

  private Main() {}

  /** Runs until a signal comes, or ends the JVM with status 0 or 2. */
  public static void main(String[] arguments) {
    Options.Request request =
        Options.parse(
            List.of(arguments),
            System.getenv(),
            name -> Optional.ofNullable(System.getProperty(name)));
    if (request instanceof Options.Serve serve) {
      serve(serve.options());
    } else if (request instanceof Options.MakeApiKey wanted) {
      makeApiKey(wanted);
    } else if (request instanceof Options.Refused refused) {
      refused.mistakes().forEach(Main::complain);
      System.exit(CANNOT_START);
    } else {
      System.out.println(
          request instanceof Options.ShowHelp ? Options.help() : "Switchboard " + version());
    }
  }

  private static void makeApiKey(Options.MakeApiKey wanted) {
    Path home =
        wanted
            .home()
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".switchboard"));
    try {
      String key = NewApiKey.make(home, wanted.name(), wanted.scopes(), new SecureRandom());
      System.out.println(key); // alone, for scripts
      System.err.printf(
          Locale.ROOT,
          "switchboard: key %s (%s) made. It is kept nowhere, only its hash, in %s%n",
          wanted.name(),
          wanted.scopes(),
          home.resolve(NewApiKey.FILE));
    } catch (StartException e) {
      complain(String.valueOf(e.getMessage()));
      System.exit(CANNOT_START);
    }
  }

  private static void serve(Options options) {
    try {
      if (Boolean.getBoolean(FOLLOW_PARENT)) {
        endWithParent();
      }
      ListenAddress.probe(options);
      options.home().ifPresent(home -> System.setProperty("switchboard.home", home));
      ConsoleLog.install(options.verbose(), options.logFormat());
      WebServer server = launch(options);
      System.out.printf(
          Locale.ROOT,
          "Switchboard %s is ready at %s (%.1f s)%n",
          version(),
          address(options, server.port()),
          ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
      server.await();
    } catch (StartException e) {
      complain(String.valueOf(e.getMessage()));
      if (options.verbose()) {
        e.printStackTrace();
      }
      System.exit(CANNOT_START);
    } catch (RuntimeException | LinkageError e) {
      e.printStackTrace(); // a mistake in here: somebody has to see where
      System.exit(CANNOT_START);
    }
  }

  private static WebServer launch(Options options) {
    Path war = war();
    WorkFolder.deleteAbandoned();
    WorkFolder folder = WorkFolder.create();
    Thread cleanUp = new Thread(folder::delete, "clean-up");
    Runtime.getRuntime().addShutdownHook(cleanUp);
    folder.unpack(war);
    ServerClassLoader loader = new ServerClassLoader(war, folder.server());
    Thread.currentThread().setContextClassLoader(loader);
    WebServer server = loader.newServer(options, folder);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, folder), "stop"));
    Runtime.getRuntime().removeShutdownHook(cleanUp);
    server.start();
    return server;
  }

  private static void endWithParent() {
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    if (parent.isPresent()) {
      CompletableFuture<Void> unused = parent.get().onExit().thenRun(() -> System.exit(0));
    }
  }

  /** Runs in a shutdown hook; whatever hangs in there must not keep the process. */
  private static void stop(WebServer server, WorkFolder folder) {
    try {
      server.drain();
    } catch (RuntimeException e) {
      // A mistake in there; what is open must be closed all the same.
      System.err.println("draining failed: " + e);
    }
    Thread stopping = new Thread(server::stop, "server-stop");
    stopping.setDaemon(true);
    stopping.start();
    try {
      stopping.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stopping.isAlive()) {
      complain("not stopped within %d s, leaving now".formatted(STOP_MILLIS / 1000));
    }
    folder.delete();
  }

  private static String address(Options options, int port) {
    String host = options.host();
    if (host.equals(Options.ALL_INTERFACES) || host.equals("::") || host.equals("[::]")) {
      host = "localhost";
    } else if (host.contains(":") && !host.startsWith("[")) {
      host = "[" + host + "]";
    }
    return "http://%s:%d%s/".formatted(host, port, options.contextPath());
  }

  private static Path war() {
    try {
      return Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("(unpackaged)");
  }

  private static void complain(String message) {
    PrintStream err = System.err;
    err.println("switchboard: " + message);
  }
}
