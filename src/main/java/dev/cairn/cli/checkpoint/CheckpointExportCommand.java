package dev.cairn.cli.checkpoint;

import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Writes a checkpoint in a form that others can use.
public final class CheckpointExportCommand implements Callable<Integer> {
  private final CheckpointInput input = new CheckpointInput();
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec elf =
      OptionSpec.builder("--elf")
          .paramLabel("OUT")
          .type(Path.class)
          .required(true)
          .converters(new PathConverter())
          .description("Write a static executable that rebuilds the process and goes on with it.")
          .build();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Writes a checkpoint as a static AArch64 executable, which goes on where the program"
                + " stood. It needs nothing of Cairn; any qemu-aarch64 runs it.",
            "")
        .footer(
            "",
            "Example:",
            "  cairn checkpoint export --elf solve ckpt/at-1000000 && qemu-aarch64 solve",
            "",
            "Exit status: 0; 1 a file that the process has open is missing or was changed; 2 usage;"
                + " 3 no checkpoint, or a damaged one. More: docs/checkpoint.md.");
    spec.addOption(elf);
    input.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    Path path = elf.getValue();
    output.check();
    output.checkWritable("--elf", path);
    try (Checkpoint checkpoint = input.open()) {
      SelfRestoringElf.write(path, checkpoint.process(), checkpoint);
    }
    output.write(Json.object().put("elf", path.toString()).put("bytes", Files.size(path)));
    return 0;
  }
}
