package dev.cairn.study;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.program.GuestProgram;
import dev.cairn.study.checkpoint.CheckpointRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Takes the checkpoints from which a study's regions are measured, all in one run of the guest.
final class CheckpointStage {
  private final Path store;

  /// @param store the folder of checkpoints
  CheckpointStage(Path store) {
    this.store = store;
  }

  /// {@return which are not there}
  SortedSet<Long> missing(SortedSet<Long> counts) {
    SortedSet<Long> missing = new TreeSet<>();
    for (long count : counts) {
      if (!Files.isDirectory(store.resolve(CheckpointRun.name(count)))) {
        missing.add(count);
      }
    }
    return missing;
  }

  /// Takes checkpoints. What was taken before a run is cut stays.
  ///
  /// @param counts of instructions before them
  /// @throws StudyException if the guest ended before the last one
  /// @throws dev.cairn.checkpoint.CheckpointException if there is something that can't be carried
  void take(
      SortedSet<Long> counts,
      GuestCommand command,
      GuestProgram program,
      SilentGuest guest,
      RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    try (CheckpointStore kept = CheckpointStore.create(store);
        CheckpointRun run =
            new CheckpointRun(
                new ProcessFollower.Guest(
                    Stream.concat(Stream.of(command.program()), command.arguments().stream())
                        .toList(),
                    program.path(),
                    command.cpu(),
                    command.sysroot()),
                kept,
                counts)) {
      run.endAtLast();
      TreeSet<Long> stops = new TreeSet<>(counts);
      stops.add(0L);
      List<Long> positions = new ArrayList<>(stops);
      SilentGuest.Run made =
          guest.run(
              new Observation.Stopping(run, positions, List.of(), ProcessFollower.fetches()),
              observer);
      run.taken();
      made.refuseIfCut(run.countsLeft().isEmpty());
      if (!run.countsLeft().isEmpty()) {
        throw SilentGuest.differs(
            "it ended after %,d instructions, before the region at %,d"
                .formatted(made.result().instructions(), run.countsLeft().iterator().next()));
      }
    }
  }
}
