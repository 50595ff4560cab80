package dev.cairn.study;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.program.GuestProgram;
import dev.cairn.study.checkpoint.CheckpointRun;
import dev.cairn.study.directory.StageFile;
import dev.cairn.study.directory.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Takes the checkpoints from which a study's regions are measured, all in one run of the guest.
///
/// Where the process has something that can't be carried, there is none; `refused.json` beside the
/// checkpoints says where and why.
final class CheckpointStage {
  /// Where no checkpoint could be taken.
  ///
  /// @param instructions executed before
  /// @param reason in words
  record Refusal(long instructions, String reason) {}

  /// All such places, ascending.
  private record Refusals(List<Refusal> refused) {}

  private final Path store;

  /// @param store the folder of checkpoints
  CheckpointStage(Path store) {
    this.store = store;
  }

  private Path refusals() {
    return store.resolve("refused.json");
  }

  /// {@return where no checkpoint could be taken, of these counts}
  List<Refusal> refused(SortedSet<Long> counts) throws IOException {
    if (!Files.exists(refusals())) {
      return List.of();
    }
    return StageFile.read(refusals(), Refusals.class).refused().stream()
        .filter(each -> counts.contains(each.instructions()) && !isThere(each.instructions()))
        .toList();
  }

  private boolean isThere(long count) {
    return Files.isDirectory(store.resolve(CheckpointRun.name(count)));
  }

  /// {@return which are not there, and were not refused}
  SortedSet<Long> missing(SortedSet<Long> counts) throws IOException {
    SortedSet<Long> missing = new TreeSet<>();
    for (long count : counts) {
      if (!isThere(count)) {
        missing.add(count);
      }
    }
    refused(counts).forEach(each -> missing.remove(each.instructions()));
    return missing;
  }

  /// Takes checkpoints. What was taken before a run is cut stays.
  ///
  /// @param counts of instructions before them
  /// @throws StudyException if the guest ended before the last one
  /// @throws dev.cairn.checkpoint.CheckpointException if the CPU can't be carried
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
      List<Refusal> known =
          Files.exists(refusals())
              ? StageFile.read(refusals(), Refusals.class).refused()
              : List.of();
      run.endAtLast();
      run.goOnWhereRefused();
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
      if (!run.refused().isEmpty()) {
        List<Refusal> all = new ArrayList<>(known);
        run.refused().forEach((count, reason) -> all.add(new Refusal(count, reason)));
        all.sort(Comparator.comparingLong(Refusal::instructions));
        StageFile.write(refusals(), new Refusals(all));
      }
    }
  }
}
