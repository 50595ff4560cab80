package dev.cairn.study.directory;

import dev.cairn.capture.GuestCommand;
import dev.cairn.profile.AtomicFile;
import dev.cairn.study.scope.AskedScope;
import dev.cairn.study.scope.StudyScope;
import dev.cairn.timing.CoreConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A study with checkpoints, of which another is made for another core: profile and regions are
/// taken from it, and its checkpoints stand in place of the program.
///
/// @param root its folder
/// @param manifest what it is of
public record ReusedStudy(Path root, Manifest manifest) {
  private static final String PROFILE = "profile";
  private static final String REGIONS = "regions";

  /// Opens a study.
  ///
  /// @throws StudyException if there is none, or it has no regions
  public static ReusedStudy open(Path root) throws IOException, StudyException {
    Path manifest = root.resolve(StudyDirectory.MANIFEST);
    if (!Files.exists(manifest)) {
      throw new StudyException(root + ": no study; 'cairn study --checkpoints' makes one");
    }
    if (!Files.exists(root.resolve(REGIONS).resolve("regions.json"))) {
      throw new StudyException(
          root
              + ": has no regions to go on from: it has not come so far, or the run is so short that"
              + " it is timed whole");
    }
    return new ReusedStudy(root, StageFile.readWithNulls(manifest, Manifest.class));
  }

  /// {@return the folder of checkpoints of a study}
  public static Path checkpoints(Path study) {
    return study.resolve("checkpoints");
  }

  /// {@return the part of the run that it is of; null for all}
  public @Nullable AskedScope scope() {
    return manifest.scope();
  }

  /// {@return what it was asked for}
  public StudyOptions options(int jobs, StudyScope scope) {
    return new StudyOptions(
        manifest.intervalInstructions(),
        manifest.maxRegions(),
        manifest.warmupInstructions(),
        false,
        jobs,
        manifest.seed(),
        scope,
        checkpoints(root));
  }

  /// {@return its program as it was run}
  ///
  /// @param otherSysroot in place of the one that it ran with; null for that
  public GuestCommand command(Path qemu, Path probe, @Nullable Path otherSysroot) {
    String known = manifest.sysroot();
    return new GuestCommand(
        qemu,
        probe,
        manifest.cpu(),
        otherSysroot == null && known != null ? Path.of(known) : otherSysroot,
        manifest.environment(),
        null,
        manifest.program(),
        manifest.arguments());
  }

  /// {@return what the study with another core is of}
  public Manifest with(String version, GuestCommand command, CoreConfiguration core)
      throws IOException {
    return ManifestBuilder.withCore(manifest, version, command, core);
  }

  /// Copies the profile and the regions to a study that has none.
  public void copyTo(StudyDirectory directory) throws IOException {
    copy(root.resolve(PROFILE), directory.stage(PROFILE), directory.profileSummary());
    copy(root.resolve(REGIONS), directory.stage(REGIONS), directory.regions());
  }

  /// Copies all files of a stage, the one last that says that it is done.
  private static void copy(Path from, Path to, Path last) throws IOException {
    if (Files.exists(last)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(from)) {
      files =
          all.filter(Files::isRegularFile)
              .sorted(
                  Comparator.comparing((Path file) -> file.getFileName().equals(last.getFileName()))
                      .thenComparing(Comparator.naturalOrder()))
              .toList();
    }
    for (Path each : files) {
      try (AtomicFile file = AtomicFile.create(to.resolve(String.valueOf(each.getFileName())))) {
        Files.copy(each, file.stream());
        file.commit();
      }
    }
  }
}
