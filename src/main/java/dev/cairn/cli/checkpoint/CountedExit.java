package dev.cairn.cli.checkpoint;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.elf.ExitPoint;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.profile.CodePosition;
import dev.cairn.profile.ProfileAnalysis;
import dev.cairn.profile.ThreadProfile;
import dev.cairn.program.isa.AArch64;
import dev.cairn.report.GuestEndText;
import dev.cairn.study.checkpoint.RestoredProgram;
import dev.cairn.study.guest.GuestRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Finds which instruction comes after a number of instructions of a run, and how often it has been
/// reached by then from a checkpoint on: the restored program runs as far, its blocks counted.
final class CountedExit {
  /// The length of the interval behind, in which the guest is ended.
  private static final long TAIL_INSTRUCTIONS = 10_000;

  private CountedExit() {}

  /// Finds a place to exit at.
  ///
  /// @param checkpoint its folder
  /// @param instructions of the whole run, more than the checkpoint has
  /// @throws CheckpointException if the program ends before
  static ExitPoint of(GuestRunner runner, Path checkpoint, long instructions)
      throws CaptureException, IOException {
    Path folder = Files.createTempDirectory("cairn-export-");
    Path written = folder;
    try {
      RestoredProgram restored = RestoredProgram.of(checkpoint, folder, null);
      written = restored.file();
      List<Long> lengths = new ArrayList<>();
      for (long at = restored.guest().instructions(); at < instructions; ) {
        long length = Math.min(instructions - at, Observation.Counting.LONGEST_INTERVAL);
        lengths.add(length);
        at += length;
      }
      ProfileAnalysis analysis =
          new ProfileAnalysis(
              new AArch64(), TAIL_INSTRUCTIONS, ProfileAnalysis.KEEP_ALL, _ -> null);
      CaptureResult result =
          runner.run(
              restored.command(GuestOptions.qemu(), GuestOptions.probe()),
              new StandardStreams(Path.of("/dev/null"), true),
              new Observation.Counting(
                  analysis, TAIL_INSTRUCTIONS, Observation.Counting.Besides.NOTHING, lengths),
              RunObserver.NONE);
      List<ThreadProfile> threads = analysis.result().threads();
      CodePosition place = threads.isEmpty() ? null : threads.getFirst().start(lengths.size());
      if (place == null) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "there are no %,d instructions to exit after: %s %s",
                instructions,
                restored.guest().program().getFirst(),
                GuestEndText.of(result, null)));
      }
      return new ExitPoint(place.pc(), place.timesReached());
    } finally {
      Files.deleteIfExists(written);
      Files.deleteIfExists(folder);
    }
  }
}
