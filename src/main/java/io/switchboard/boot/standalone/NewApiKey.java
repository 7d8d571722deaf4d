package io.switchboard.boot.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Makes a key of the server API: appends a line with its hash to {@code api-keys} in the home
 * folder, from where running servers take it within seconds, and tells the key this once.
 *
 * <p>The launcher does not see the classes of the application, whose {@code ApiKey} reads the line.
 */
final class NewApiKey {
  static final String FILE = "api-keys";
  private static final int BYTES = 24;

  private NewApiKey() {}

  /**
   * Returns the key.
   *
   * @throws StartException if there is one of that name, or the file cannot be written
   */
  static String make(Path home, String name, String scopes, RandomGenerator random) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    String key = "sb_" + HexFormat.of().formatHex(secret);
    try {
      append(home, name, "%s %s sha256:%s\n".formatted(name, scopes, hash(key)));
    } catch (IOException e) {
      throw StartException.keys(e);
    }
    return key;
  }

  private static void append(Path home, String name, String line) throws IOException {
    Files.createDirectories(home, mode("rwx------"));
    Path file = home.resolve(FILE);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            mode("rw-------"))) {
      FileLock unused = channel.lock(); // until the channel is closed
      String there = Files.readString(file);
      if (there
          .lines()
          .anyMatch(one -> List.of(one.strip().split("\\s+", -1)).get(0).equals(name))) {
        throw StartException.keyThere(name, file);
      }
      boolean open = !there.isEmpty() && !there.endsWith("\n");
      ByteBuffer bytes = StandardCharsets.UTF_8.encode((open ? "\n" : "") + line);
      long at = channel.size();
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }
  }

  private static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  private static FileAttribute<?>[] mode(String mode) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
