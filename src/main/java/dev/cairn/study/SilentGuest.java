package dev.cairn.study;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.GuestProgram;
import dev.cairn.study.checkpoint.RestoredProgram;
import dev.cairn.study.directory.StudyDirectory;
import dev.cairn.study.directory.StudyException;
import dev.cairn.study.guest.GuestOutput;
import dev.cairn.study.guest.GuestRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A study's guest in the runs after the first, which are to be like that, and of which nobody
/// wants the output.
final class SilentGuest {
  private final GuestRunner runner;
  private final GuestCommand command;
  private final @Nullable GuestProgram program;
  private final @Nullable Path input;
  private final Path folder;

  /// @param program the command's program, as it was found; null if only a checkpoint of it is
  ///   there
  /// @param input what each run reads, or null for this process's own
  /// @param folder for what the guest writes
  SilentGuest(
      GuestRunner runner,
      GuestCommand command,
      @Nullable GuestProgram program,
      @Nullable Path input,
      Path folder) {
    this.runner = runner;
    this.command = command;
    this.program = program;
    this.input = input;
    this.folder = folder;
  }

  /// {@return instructions that its first thread has executed before each run}
  long executed() {
    return command.executed();
  }

  /// A run and what lay where when it ended.
  record Run(CaptureResult result, AddressSpace addresses) {
    /// Refuses it if something outside ended it, which says nothing about the guest.
    ///
    /// @param complete whether all was seen that was wanted, so that we may have ended it
    void refuseIfCut(boolean complete) throws CutStudyException {
      boolean cut =
          switch (result.end()) {
            case GuestEnd.Lost _, GuestEnd.Killed _ -> true;
            case GuestEnd.Left _, GuestEnd.Stopped _ -> !complete;
            case GuestEnd.Exited _, GuestEnd.Replaced _ -> false;
          };
      if (cut) {
        throw new CutStudyException(result, addresses, null);
      }
    }
  }

  /// Runs it; may be called from several threads at once.
  Run run(Observation observation, RunObserver observer) throws CaptureException, IOException {
    Path own = Files.createTempDirectory(folder, StudyDirectory.SCRATCH);
    try {
      return run(command, program, own, observation, observer);
    } finally {
      GuestOutput.clean(own);
      Files.deleteIfExists(own);
    }
  }

  /// Runs on from a checkpoint of it; may be called from several threads at once.
  Run run(Path checkpoint, Observation observation, RunObserver observer)
      throws CaptureException, IOException {
    Path own = Files.createTempDirectory(folder, StudyDirectory.SCRATCH);
    Path file = null;
    try {
      RestoredProgram restored = RestoredProgram.of(checkpoint, own, command.sysroot());
      file = restored.file();
      return run(
          restored.command(command.qemu(), command.probe()),
          restored.program(),
          own,
          observation,
          observer);
    } finally {
      GuestOutput.clean(own);
      if (file != null) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(own);
    }
  }

  private Run run(
      GuestCommand guest,
      @Nullable GuestProgram known,
      Path own,
      Observation observation,
      RunObserver observer)
      throws CaptureException, IOException {
    GuestMap map = new GuestMap(known, observer);
    CaptureResult result = runner.run(guest, GuestOutput.silent(input, own), observation, map);
    return new Run(result, map.addresses());
  }

  /// {@return that a run was not as the first}
  ///
  /// @param how it differs
  static StudyException differs(String how) {
    return new StudyException(
        "the guest did not run as it did when it was profiled: "
            + how
            + "; it may read a clock, random numbers, or a file that it has changed itself");
  }
}
