package io.switchboard.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The folder for what must outlive the process. */
final class Home {
  private static final Logger LOG = System.getLogger(Home.class.getName());
  private static final String KEY_FILE = "api-key";

  private Home() {}

  /**
   * Returns the API key kept in {@code home}; makes one at the first start, readable by its owner
   * only, and logs it that once.
   *
   * @throws UncheckedIOException naming the file that cannot be read or written
   */
  static String apiKey(Path home, RandomGenerator random) {
    Path file = home.resolve(KEY_FILE);
    try {
      if (!Files.exists(file)) {
        make(home);
        write(file, random);
      }
      String key = Files.readString(file).strip();
      if (key.isEmpty()) {
        throw new IOException("it is empty; delete it to have a key made");
      }
      return key;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Switchboard cannot start: no API key in %s: %s (set switchboard.home to a folder that can"
                  .formatted(file, e)
              + " be written, or switchboard.api-key)",
          e);
    }
  }

  /**
   * Makes the folder, for its owner only, if it is not there.
   *
   * @throws UncheckedIOException naming it if that is not possible
   */
  static void make(Path home) {
    try {
      Files.createDirectories(home, attributes("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Switchboard cannot start: no folder %s: %s (set switchboard.home to one that can be written)"
              .formatted(home, e),
          e);
    }
  }

  private static void write(Path file, RandomGenerator random) throws IOException {
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    String key = "sb_" + HexFormat.of().formatHex(bytes);
    Set<OpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, fresh, attributes("rw-------"))) {
      channel.write(StandardCharsets.UTF_8.encode(key + "\n"));
    } catch (FileAlreadyExistsException e) {
      return; // another node on this home was faster: its key is read
    }
    LOG.log(Level.INFO, "API key made and kept in {0}: {1}", file, key);
  }

  /** Returns how to make a file or folder of that mode, as far as the file system knows modes. */
  private static FileAttribute<?>[] attributes(String mode) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
