package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.PlainRun;
import dev.cairn.capture.StandardStreams;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.cli.checkpoint.CheckpointInput;
import dev.cairn.cli.option.GuestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// Goes on with a program where a checkpoint of it was taken.
final class RestoreCommand implements Callable<Integer> {
  private final CheckpointInput input = new CheckpointInput();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Goes on with a program where a checkpoint of it was taken, under QEMU without the"
                + " probe, at its full speed.",
            "")
        .footer(
            "",
            "Standard output and standard error are those of this command, and so is standard input"
                + " unless it was a file: then that is read on from where the program stood.",
            "",
            "Example:",
            "  cairn restore ckpt/at-1000000",
            "",
            ExitStatus.help("docs/checkpoint.md"));
    input.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    Path folder = Files.createTempDirectory("cairn-restore-");
    Path elf = folder.resolve("restored");
    try {
      ProcessState process;
      try (Checkpoint checkpoint = input.open()) {
        process = checkpoint.process();
        SelfRestoringElf.write(elf, process, checkpoint);
      }
      String sysroot = process.sysroot();
      GuestCommand command =
          new GuestCommand(
              GuestOptions.qemu(),
              GuestOptions.probe(),
              process.cpu(),
              sysroot == null ? null : Path.of(sysroot),
              Map.of(),
              null,
              elf.toString(),
              List.of());
      return PlainRun.of(command, StandardStreams.INHERITED).status();
    } finally {
      Files.deleteIfExists(elf);
      Files.deleteIfExists(folder);
    }
  }
}
