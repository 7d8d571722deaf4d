package io.switchboard.boot.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A private temporary folder with the unpacked WAR, gone when the process ends.
 *
 * <p>A lock held on a file inside tells the folder of a living process from one whose process was
 * killed; the latter are removed at the next start, so that a server killed again and again does
 * not fill the disk. A lock rather than a process id, because containers that share {@code /tmp} do
 * not share process ids.
 */
final class WorkFolder {
  private static final String PREFIX = "switchboard-";
  private static final String LOCK = "lock";
  private static final String LAUNCHER = WorkFolder.class.getPackageName().replace('.', '/') + "/";
  private static final String SERVER = "WEB-INF/server/";
  private static final Duration SETTLED = Duration.ofMinutes(1);

  /** Made at the start: at the end the WAR may have been replaced, and this class with it. */
  private static final SimpleFileVisitor<Path> DELETING =
      new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
            throws IOException {
          Files.delete(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed)
            throws IOException {
          Files.delete(folder);
          return FileVisitResult.CONTINUE;
        }
      };

  private final Path root;
  private final FileChannel lock;

  private WorkFolder(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Makes a folder that only this user can read, in {@code java.io.tmpdir}. */
  static WorkFolder create() {
    try {
      Path root = Files.createTempDirectory(PREFIX);
      FileChannel lock =
          FileChannel.open(
              root.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      lock.lock();
      return new WorkFolder(root, lock);
    } catch (IOException e) {
      throw new StartException(
          "no temporary folder can be made in %s (%s); set -Djava.io.tmpdir=DIR"
              .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
          e);
    }
  }

  /** Returns the folder of the web application, without the launcher's classes and the server. */
  Path webapp() {
    return root.resolve("webapp");
  }

  /** Returns the folder of the server: its jars, and below it whatever it writes. */
  Path server() {
    return root.resolve("server");
  }

  /**
   * Unpacks the web application and the server's jars from the WAR.
   *
   * <p>The launcher's classes stay behind: what is not there cannot be downloaded.
   */
  void unpack(Path war) {
    try (JarFile jar = new JarFile(war.toFile())) {
      Files.createDirectories(webapp());
      Files.createDirectories(server());
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        Path target = target(entry.getName());
        if (entry.isDirectory() || target == null) {
          continue;
        }
        Files.createDirectories(target.resolveSibling("."));
        try (InputStream in = jar.getInputStream(entry)) {
          Files.copy(in, target);
        }
        if (entry.getLastModifiedTime() != null) {
          Files.setLastModifiedTime(target, entry.getLastModifiedTime());
        }
      }
    } catch (IOException e) {
      throw new StartException(
          "%s cannot be unpacked to %s: %s".formatted(war, root, e.getMessage()), e);
    }
  }

  /** Returns where an entry goes, or null when it is to stay behind. */
  private @Nullable Path target(String entry) {
    if (entry.startsWith(LAUNCHER)) {
      return null;
    }
    Path target =
        entry.startsWith(SERVER)
            ? server().resolve(entry.substring(SERVER.length()))
            : webapp().resolve(entry);
    return target.normalize().startsWith(root) ? target : null;
  }

  /** Removes everything, as far as the system allows; the lock last, to have another go. */
  void delete() {
    deleteTree(webapp());
    deleteTree(server());
    try {
      lock.close();
    } catch (IOException e) {
      return; // the lock ends with the process at the latest
    }
    if (!Files.exists(webapp()) && !Files.exists(server())) {
      deleteTree(root);
    }
  }

  /** Removes the folders of this user's processes that ended without doing so. */
  static void deleteAbandoned() {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    List<Path> folders;
    try (Stream<Path> files = Files.list(parent)) {
      folders = files.filter(file -> file.getFileName().toString().startsWith(PREFIX)).toList();
    } catch (IOException | UncheckedIOException e) {
      return;
    }
    folders.stream().filter(WorkFolder::isAbandoned).forEach(WorkFolder::deleteTree);
  }

  private static boolean isAbandoned(Path folder) {
    Path file = folder.resolve(LOCK);
    try {
      // A younger one may be between its creation and its lock.
      Instant settled = Instant.now().minus(SETTLED);
      if (Files.getLastModifiedTime(folder).toInstant().isAfter(settled)) {
        return false;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          FileLock free = channel.tryLock()) {
        return free != null;
      }
    } catch (IOException e) {
      return false; // another user's, or not ours at all
    }
  }

  private static void deleteTree(Path tree) {
    try {
      Files.walkFileTree(tree, DELETING);
    } catch (IOException e) {
      // Left for the next start.
    }
  }
}
