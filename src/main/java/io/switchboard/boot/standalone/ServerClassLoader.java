package io.switchboard.boot.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Adds the unpacked server to the launcher's classes.
 *
 * <p>Jars beside each other on one class path would need no such thing, but the JVM reads no jars
 * in a WAR. {@link EmbeddedServer} itself is defined here rather than by the parent, or it would
 * look for Tomcat where there is none; everything else, {@link WebServer} first of all, is shared.
 */
final class ServerClassLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private static final String EMBEDDED_SERVER =
      ServerClassLoader.class.getPackageName() + ".EmbeddedServer";

  /**
   * @param war where this class came from: the WAR, or a folder of classes
   * @param jars the folder with the server's jars
   */
  ServerClassLoader(Path war, Path jars) {
    super("server", classPath(war, jars), ServerClassLoader.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.equals(EMBEDDED_SERVER) && !name.startsWith(EMBEDDED_SERVER + "$")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  /** Makes the server; it is not started yet. */
  WebServer newServer(Options options, WorkFolder folder) {
    try {
      return Class.forName(EMBEDDED_SERVER, true, this)
          .asSubclass(WebServer.class)
          .getConstructor(Options.class, Path.class, Path.class)
          .newInstance(options, folder.webapp(), folder.server());
    } catch (ReflectiveOperationException e) {
      throw new StartException("this WAR has no server in WEB-INF/server; build it again", e);
    }
  }

  private static URL[] classPath(Path war, Path jars) {
    try (Stream<Path> files = Files.list(jars)) {
      return Stream.concat(files.filter(file -> file.toString().endsWith(".jar")), Stream.of(war))
          .map(ServerClassLoader::url)
          .toArray(URL[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(path.toString(), e);
    }
  }
}
