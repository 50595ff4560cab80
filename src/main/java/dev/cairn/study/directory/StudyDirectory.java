package dev.cairn.study.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.event.FormatException;
import dev.cairn.profile.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder that a study lives in.
///
/// A stage is done when its last file is there, and that file appears whole; so a study that was
/// killed goes on at the stage that was cut. One process at a time works in a study.
public final class StudyDirectory implements AutoCloseable {
  /// What the names of folders begin with that live only as long as a guest.
  public static final String SCRATCH = ".guest";

  static final String MANIFEST = "manifest.json";
  private static final String PROFILE_OF_CUT_RUN = "profile-of-cut-run";

  /// What a study that was killed at once leaves behind.
  private static final Set<String> LEFT_BY_KILLED =
      Set.of(".lock", MANIFEST + AtomicFile.PARTIAL_SUFFIX);

  private final Path root;
  private final FileChannel lockFile;
  private final FileLock lock;
  private Manifest manifest;

  private StudyDirectory(Path root, FileChannel lockFile, FileLock lock, Manifest manifest) {
    this.root = root;
    this.lockFile = lockFile;
    this.lock = lock;
    this.manifest = manifest;
  }

  /// Opens a study's folder, or makes it.
  ///
  /// A study that is there goes on with the environment that it began with, see [#manifest].
  ///
  /// @param afresh whether what an earlier study left there is removed first
  /// @throws StudyException if the folder holds another study, something else, or is in use
  public static StudyDirectory open(Path root, Manifest manifest, boolean afresh)
      throws IOException, StudyException {
    Path manifestFile = root.resolve(MANIFEST);
    boolean present = Files.exists(manifestFile);
    if (!present && Files.isDirectory(root) && !isEmpty(root)) {
      throw new StudyException(
          root + " holds something else than a study: choose another folder with -o");
    }
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(
            root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw new StudyException(root + " is in use by another process: wait for it to end");
    }
    StudyDirectory directory = new StudyDirectory(root, channel, lock, manifest);
    try {
      directory.removeScratch();
      if (present && afresh) {
        directory.clear();
      } else if (present) {
        directory.manifest = inForce(manifestFile, manifest);
      }
      StageFile.write(manifestFile, directory.manifest);
      return directory;
    } catch (IOException | StudyException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /// {@return the manifest that is there, if it is of the study that is asked for}
  private static Manifest inForce(Path file, Manifest asked) throws IOException, StudyException {
    String difference = "the manifest";
    try {
      Manifest found = StageFile.readWithNulls(file, Manifest.class);
      Manifest same = found.inheriting(asked.inheritedEnvironment());
      if (Arrays.equals(StageFile.bytes(same), StageFile.bytes(asked))) {
        return found;
      }
      difference = difference(StageFile.members(same), StageFile.members(asked));
    } catch (FormatException e) {
      // of another version, or damaged
    }
    throw new StudyException(
        file.getParent()
            + " holds a study of something else (it differs in "
            + difference
            + "): choose another folder with -o, or start afresh with --force");
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static boolean isEmpty(Path root) throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.allMatch(entry -> LEFT_BY_KILLED.contains(entry.getFileName().toString()));
    }
  }

  /// {@return the name of the first member that differs}
  private static String difference(JsonNode then, JsonNode now) {
    return now.properties().stream()
        .filter(member -> !member.getValue().equals(then.get(member.getKey())))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("the manifest");
  }

  /// Removes what a killed process left of its guests' outputs.
  private void removeScratch() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      for (Path entry : entries.toList()) {
        if (entry.getFileName().toString().startsWith(SCRATCH)) {
          remove(entry);
        }
      }
    }
  }

  private static void remove(Path path) throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> all = Files.walk(path)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private void clear() throws IOException {
    for (String name :
        List.of(
            "profile",
            PROFILE_OF_CUT_RUN,
            "regions",
            "checkpoints",
            "measure",
            "full",
            "result.json",
            "times.json")) {
      remove(root.resolve(name));
    }
  }

  /// {@return the folder for the profile of a guest that did not come to its end}
  public Path cutProfile() throws IOException {
    return stage(PROFILE_OF_CUT_RUN);
  }

  /// Removes what [#cutProfile] holds, as a later run came to its end.
  public void removeCutProfile() throws IOException {
    remove(root.resolve(PROFILE_OF_CUT_RUN));
  }

  /// {@return a stage's folder, which exists}
  public Path stage(String name) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path);
    return path;
  }

  /// {@return what this is a study of, with the environment that it began with}
  public Manifest manifest() {
    return manifest;
  }

  public Path root() {
    return root;
  }

  /// {@return the file of the basic-block vectors}
  public Path vectors() throws IOException {
    return stage("profile").resolve("profile.bb");
  }

  /// {@return the file of what was counted in all; the last file of the profile}
  public Path profileSummary() throws IOException {
    return stage("profile").resolve("profile.json");
  }

  /// {@return the file of where intervals begin}
  public Path intervals() throws IOException {
    return stage("profile").resolve("intervals.csv");
  }

  /// {@return the file of the regions chosen}
  public Path regions() throws IOException {
    return stage("regions").resolve("regions.json");
  }

  /// {@return the file of what was asked for as a part of the run}
  public Path scope() throws IOException {
    return stage("profile").resolve("scope.json");
  }

  /// {@return the file of of which pieces of the run that part consists}
  public Path pieces() throws IOException {
    return stage("profile").resolve("scope.csv");
  }

  /// {@return the file of what was measured of the regions}
  public Path measurements() throws IOException {
    return stage("measure").resolve("measurements.json");
  }

  /// {@return the file of the timing of every instruction}
  public Path full() throws IOException {
    return stage("full").resolve("full.json");
  }

  /// {@return the file of the estimate}
  public Path result() {
    return root.resolve("result.json");
  }

  /// {@return how long each stage took}
  public StageTimes times() throws IOException {
    Path path = root.resolve("times.json");
    try {
      return Files.exists(path) ? StageFile.read(path, StageTimes.class) : StageTimes.NONE;
    } catch (FormatException e) {
      return StageTimes.NONE; // times are for information only
    }
  }

  /// Keeps how long each stage took.
  public void writeTimes(StageTimes times) throws IOException {
    StageFile.write(root.resolve("times.json"), times);
  }

  @Override
  public void close() throws IOException {
    lock.close();
    lockFile.close();
  }
}
