package io.switchboard.boot;

import io.switchboard.auth.ApiKey;
import io.switchboard.auth.ApiKeys;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The file of API keys in the home folder, read again whenever it has changed.
 *
 * <p>Where a line is broken nothing of the file is taken, and the keys stay as they were: half a
 * file is more likely a slip than a wish. Whoever must act is told by an ERROR, once.
 */
final class KeyFile {
  private static final Logger LOG = System.getLogger(KeyFile.class.getName());
  static final String NAME = "api-keys";
  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  /** What tells one version of the file from another. */
  private record Version(Object time, long size, @Nullable Object file) {
    static final Version ABSENT = new Version("", 0, null);
  }

  private final Path file;
  private final ApiKey first;
  private final Executor patient;
  private final LongSupplier nanos;
  private final AtomicBoolean reading = new AtomicBoolean();

  /** Touched by who holds {@link #reading}. */
  private Version version = Version.ABSENT;

  /** Why it could not be read the last time, which is told once; empty if it could. */
  private String unreadable = "";

  /** Touched by the timer only. */
  private long lookedAt;

  /**
   * Makes one that has read nothing.
   *
   * @param first the key that no line of the file changes
   * @param patient reads the file when it has changed: a home may be on a slow network
   */
  KeyFile(Path home, ApiKey first, Executor patient, LongSupplier nanos) {
    this.file = home.resolve(NAME);
    this.first = first;
    this.patient = patient;
    this.nanos = nanos;
    this.lookedAt = nanos.getAsLong();
  }

  /**
   * Returns the keys there are at the start.
   *
   * @throws IllegalStateException naming every broken line
   */
  List<ApiKey> read() {
    try {
      Version now = version();
      List<ApiKey> keys = parse(lines(now));
      version = now;
      return keys;
    } catch (IOException | BadKeys e) {
      throw new IllegalStateException("Switchboard cannot start: " + told(e), e);
    }
  }

  /** Looks once a second whether the file has changed. */
  void beat(ApiKeys keys) {
    long now = nanos.getAsLong();
    if (now - lookedAt >= EVERY && reading.compareAndSet(false, true)) {
      lookedAt = now;
      patient.execute(
          () -> {
            try {
              look(keys);
            } finally {
              reading.set(false);
            }
          });
    }
  }

  private void look(ApiKeys keys) {
    Version before = version;
    try {
      Version now = version();
      if (now.equals(before)) {
        return;
      }
      version = now; // before it is read: what is written meanwhile makes another version
      List<ApiKey> read = parse(lines(now));
      keys.replace(read);
      LOG.log(
          Level.INFO,
          "the API keys are now {0}",
          String.join(", ", read.stream().map(ApiKey::name).toList()));
      unreadable = "";
    } catch (BadKeys e) {
      LOG.log(Level.ERROR, "the API keys stay as they were: {0}", e.getMessage());
    } catch (IOException e) {
      version = before; // its rights may be mended, which makes no other version
      if (!unreadable.equals(e.toString())) {
        unreadable = e.toString();
        LOG.log(Level.ERROR, "the API keys stay as they were: {0} cannot be read: {1}", file, e);
      }
    }
  }

  private String told(Exception e) {
    return e instanceof BadKeys ? String.valueOf(e.getMessage()) : file + " cannot be read: " + e;
  }

  private Version version() throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(found.lastModifiedTime(), found.size(), found.fileKey());
    } catch (NoSuchFileException e) {
      return Version.ABSENT;
    }
  }

  private List<String> lines(Version now) throws IOException {
    if (now.equals(Version.ABSENT)) {
      return List.of();
    }
    warnIfOthersMayWrite();
    return Files.readAllLines(file);
  }

  /** Who may read it learns nothing of use; who may write it may do everything. */
  private void warnIfOthersMayWrite() throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      LOG.log(Level.WARNING, "others than its owner may write {0}: chmod 600 it", file);
    }
  }

  private List<ApiKey> parse(List<String> lines) throws BadKeys {
    List<ApiKey> keys = new ArrayList<>(List.of(first));
    List<String> mistakes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        ApiKey key = ApiKey.parse(line);
        if (!names.add(key.name())) {
          throw new IllegalArgumentException("the name: expected another than the lines above");
        }
        keys.add(key);
      } catch (IllegalArgumentException e) {
        mistakes.add("%s line %d: %s".formatted(file, i + 1, e.getMessage()));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new BadKeys(String.join(System.lineSeparator() + "  ", mistakes));
    }
    return keys;
  }

  /** Some lines are broken; the message tells all of them. */
  private static final class BadKeys extends Exception {
    private static final long serialVersionUID = 1;

    BadKeys(String message) {
      super(message);
    }
  }
}
