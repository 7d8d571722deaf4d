import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Starts the load generator from its sources: {@code java src/test/bench/Load.java <mode> …}.
 *
 * <p>It compiles the folder {@code java/} beside itself into {@code target/bench/classes} when a
 * source is newer than what is there, and runs {@code bench.Main} in this JVM. Run it where {@code
 * target} shall be, which is the root of the project.
 */
public final class Load {
  private static final Path CLASSES = Path.of("target", "bench", "classes");
  private static final Path STAMP = CLASSES.resolve(".compiled");

  private Load() {}

  public static void main(String[] arguments) throws Exception {
    Path sources = Path.of("src", "test", "bench", "java");
    if (!Files.isDirectory(sources)) {
      System.err.println("load: start it in the root of the project; there is no " + sources);
      System.exit(2);
    }
    compile(sources);
    URL[] classes = {CLASSES.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes)) {
      Thread.currentThread().setContextClassLoader(loader);
      loader
          .loadClass("bench.Main")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      e.getCause().printStackTrace();
      System.exit(3);
    }
  }

  private static void compile(Path sources) throws IOException {
    List<String> arguments = new ArrayList<>();
    FileTime newest = FileTime.fromMillis(0);
    try (Stream<Path> walk = Files.walk(sources)) {
      for (Path file : walk.filter(path -> path.toString().endsWith(".java")).toList()) {
        FileTime changed = Files.getLastModifiedTime(file);
        newest = changed.compareTo(newest) > 0 ? changed : newest;
        arguments.add(file.toString());
      }
    }
    if (Files.exists(STAMP) && Files.getLastModifiedTime(STAMP).compareTo(newest) > 0) {
      return;
    }
    Files.createDirectories(CLASSES);
    arguments.addAll(0, List.of("--release", "17", "-Xlint:all", "-Werror", "-d", "" + CLASSES));
    if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new))
        != 0) {
      System.exit(2);
    }
    Files.writeString(STAMP, "");
  }
}
