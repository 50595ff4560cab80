package dev.cairn.study;

import dev.cairn.sampling.Regions;
import dev.cairn.sampling.RegionsReader;
import dev.cairn.study.directory.Manifest;
import dev.cairn.study.directory.ManifestBuilder;
import dev.cairn.study.directory.StageFile;
import dev.cairn.study.directory.StudyException;
import dev.cairn.study.measure.RegionWindows;
import dev.cairn.study.scope.PieceFile;
import dev.cairn.study.scope.Pieces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// Where a study's regions are gone on from: behind how many instructions the run of each stretch
/// of regions begins, its warm-up included.
///
/// @param counts of instructions, ascending
/// @param environment the variables that the study's guest finds of its caller's
public record StudyPlaces(SortedSet<Long> counts, Map<String, String> environment) {
  /// Looks into a study's folder.
  ///
  /// @param program the program that is to be run
  /// @throws StudyException if the study has not chosen regions, or is of another program
  public static StudyPlaces of(Path study, Path program) throws IOException, StudyException {
    Path regions = study.resolve("regions").resolve("regions.json");
    if (!Files.exists(study.resolve("manifest.json"))) {
      throw new StudyException(study + ": no study; 'cairn study -o DIR -- PROG ARGS' makes one");
    }
    Manifest manifest = StageFile.readWithNulls(study.resolve("manifest.json"), Manifest.class);
    if (!Files.exists(regions)) {
      throw new StudyException(
          study
              + ": has no regions: it has not come so far, or the run is so short that it is timed"
              + " whole");
    }
    if (!manifest.programSha256().equals(ManifestBuilder.sha256(program))) {
      throw new StudyException(
          study
              + ": is of another program: "
              + program
              + " is not "
              + manifest.program()
              + " as it was");
    }
    return new StudyPlaces(
        counts(RegionsReader.read(regions), pieces(study)), manifest.inheritedEnvironment());
  }

  private static Pieces pieces(Path study) throws IOException {
    Path pieces = study.resolve("profile").resolve("scope.csv");
    return Files.exists(pieces) ? PieceFile.read(pieces) : Pieces.WHOLE_RUN;
  }

  static SortedSet<Long> counts(Regions regions, Pieces pieces) {
    SortedSet<Long> counts = new TreeSet<>();
    for (RegionWindows.Stretch stretch : RegionWindows.of(regions.measured(), pieces)) {
      counts.add(first(stretch, pieces));
    }
    return counts;
  }

  /// {@return the instructions of the run before a stretch}
  static long first(RegionWindows.Stretch stretch, Pieces pieces) {
    return pieces.windows(stretch.window().from(), stretch.window().until()).getFirst().from();
  }
}
