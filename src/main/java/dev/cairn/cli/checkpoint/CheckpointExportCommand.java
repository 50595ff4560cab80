package dev.cairn.cli.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.scope.Position;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.KeptFiles;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.criu.CriuExport;
import dev.cairn.checkpoint.elf.CoreFile;
import dev.cairn.checkpoint.elf.ExitPoint;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.cli.option.PositionConverter;
import dev.cairn.report.Json;
import dev.cairn.study.guest.GuestRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Writes a checkpoint in a form that others can use.
public final class CheckpointExportCommand implements Callable<Integer> {
  private static final String NOT_IN_IMAGES =
      "the process writes it, and CRIU keeps no contents of such a file; have it there as it was";

  private final GuestRunner runner;
  private final CheckpointInput input = new CheckpointInput();
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec elf =
      OptionSpec.builder("--elf")
          .paramLabel("OUT")
          .type(Path.class)
          .converters(new PathConverter())
          .description("Write a static executable that rebuilds the process and goes on with it.")
          .build();

  private final OptionSpec criu =
      OptionSpec.builder("--criu")
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .description(
              "Write a folder of images that 'criu restore' starts on a machine with AArch64"
                  + " Linux.")
          .build();

  private final OptionSpec exitAfter =
      OptionSpec.builder("--exit-after")
          .paramLabel("PLACE")
          .type(Position.class)
          .converters(new PositionConverter())
          .description(
              "Have it exit with status 0 before the instruction at an address, the n-th time that"
                  + " it comes there, counted from the checkpoint (0xADDRESS[:n]); or after N"
                  + " instructions of the whole run (N), for which the program runs as far once"
                  + " now, to find which instruction that is.")
          .build();

  private final OptionSpec core =
      OptionSpec.builder("--core")
          .paramLabel("FILE")
          .type(Path.class)
          .converters(new PathConverter())
          .description("Write a core file, which gdb-multiarch opens.")
          .build();

  private final OptionSpec embedFiles =
      OptionSpec.builder("--embed-files")
          .type(Boolean.class)
          .initialValue(false)
          .description(
              "Have the executable hold what is in the files that the process reads, so that none"
                  + " has to be where it runs. Of a checkpoint that was taken with --embed-files it"
                  + " does so anyway, for all of its files.")
          .build();

  private final OptionSpec verify =
      OptionSpec.builder("--verify")
          .type(Boolean.class)
          .initialValue(false)
          .description(
              "Compare 1M instructions as 'cairn checkpoint verify' does first, and write nothing"
                  + " unless they are equal.")
          .build();

  public CheckpointExportCommand(GuestRunner runner) {
    this.runner = runner;
  }

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Writes a checkpoint in a form that others can open: as a static AArch64 executable,"
                + " which goes on where the program stood, needs nothing of Cairn and runs on any"
                + " qemu-aarch64; as a core file for a debugger;"
                + " or as images of CRIU.",
            "")
        .footer(
            "",
            "Examples:",
            "  cairn checkpoint export --elf solve ckpt/at-1000000 && qemu-aarch64 solve",
            "  cairn checkpoint export --elf solve --embed-files ckpt/at-1000000",
            "  cairn checkpoint export --elf part --exit-after 0x400b24:3 ckpt/at-1000000",
            "  cairn checkpoint export --elf part --exit-after 2M ckpt/at-1000000",
            "  cairn checkpoint export --core core ckpt/at-1000000 && gdb-multiarch program core",
            "  cairn checkpoint export --criu images ckpt/at-1000000 && crit show images/core-*",
            "",
            "Exit status: 0; 1 a file that the process has open is missing or was changed, or"
                + " --verify has found a difference; 2 usage; 3 no checkpoint, or a damaged one."
                + " More: docs/checkpoint.md.");
    spec.addOption(elf)
        .addOption(embedFiles)
        .addOption(exitAfter)
        .addOption(core)
        .addOption(criu)
        .addOption(verify);
    input.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  private @Nullable ExitPoint exit(Checkpoint checkpoint) throws CaptureException, IOException {
    Position place = exitAfter.getValue();
    if (place == null) {
      return null;
    }
    if (place instanceof Position.Count(long instructions)) {
      long before = checkpoint.process().instructions();
      if (instructions <= before) {
        throw new ParameterException(
            output.commandLine(),
            String.format(
                Locale.ROOT,
                "--exit-after %,d must lie behind the checkpoint at %,d",
                instructions,
                before));
      }
      return CountedExit.of(runner, input.path(), instructions);
    }
    if (place instanceof Position.Reached(long pc, long times) && pc % 4 == 0) {
      return new ExitPoint(pc, times);
    }
    throw new ParameterException(
        output.commandLine(),
        "--exit-after takes the address of an instruction (0xADDRESS:N) or a count of instructions: "
            + place);
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    Path executable = elf.getValue();
    Path dump = core.getValue();
    Path images = criu.getValue();
    if (executable == null && dump == null && images == null) {
      throw new ParameterException(
          output.commandLine(), "what to write is missing: --elf OUT, --core FILE or --criu DIR");
    }
    output.check();
    if (exitAfter.getValue() != null && executable == null) {
      throw new ParameterException(output.commandLine(), "--exit-after goes with --elf OUT");
    }
    if (embedFiles.<Boolean>getValue() && executable == null) {
      throw new ParameterException(output.commandLine(), "--embed-files goes with --elf OUT");
    }
    ObjectNode root = Json.object();
    if (executable != null) {
      output.checkReplaceable("--elf", executable);
    }
    if (dump != null) {
      output.checkReplaceable("--core", dump);
    }
    try (Checkpoint checkpoint = input.open()) {
      if (verify.<Boolean>getValue()) {
        requireEqual(checkpoint);
      }
      if (images != null) {
        Path parent = images.toAbsolutePath().getParent();
        output.makeFolder("--criu", Files.exists(images) || parent == null ? images : parent);
        for (String path : CriuExport.write(images, checkpoint.process(), checkpoint)) {
          output.errors().printf("cairn: %s: %s%n", path, NOT_IN_IMAGES);
        }
        output.errors().flush();
        root.put("criu", images.toString());
      }
      if (executable != null) {
        writeElf(executable, checkpoint, exit(checkpoint));
        root.put("elf", executable.toString()).put("bytes", Files.size(executable));
      }
      if (dump != null) {
        CoreFile.write(dump, checkpoint.process(), checkpoint);
        root.put("core", dump.toString()).put("coreBytes", Files.size(dump));
      }
    }
    output.write(root);
    return 0;
  }

  private void writeElf(Path executable, Checkpoint checkpoint, @Nullable ExitPoint exit)
      throws IOException {
    ProcessState process = checkpoint.process();
    if (!embedFiles.<Boolean>getValue()) {
      SelfRestoringElf.write(executable, process, checkpoint, exit);
      return;
    }
    for (OpenFile file : process.files()) {
      String change = file.kept() ? null : file.change();
      if (change != null) {
        throw new CheckpointException(
            file.path() + ": " + change + ", so its contents cannot be embedded");
      }
      if (file.kind() == OpenFile.Kind.FILE && !file.kept() && !file.readsOnly()) {
        throw new CheckpointException(
            file.path()
                + ": the process writes it, and what was in it at the checkpoint was not kept; take"
                + " the checkpoint with --embed-files");
      }
    }
    KeptFiles kept =
        new KeptFiles(checkpoint, process.files(), file -> Path.of(String.valueOf(file.path())));
    SelfRestoringElf.write(executable, process.withFiles(kept.files()), kept, exit);
  }

  private void requireEqual(Checkpoint checkpoint) throws CaptureException, IOException {
    Verification found =
        CheckpointVerification.of(runner, checkpoint, CheckpointVerifyCommand.USUAL_LENGTH);
    String text = CheckpointVerifyCommand.text(input.path().toString(), found);
    if (found.verdict() != Verification.Verdict.EQUAL) {
      throw new CheckpointException("not exported: " + text);
    }
    output.errors().println(" " + text);
    output.errors().flush();
  }
}
