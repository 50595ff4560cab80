package dev.cairn.cli.checkpoint;

import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.cli.option.PathConverter;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The checkpoint that a command reads.
public final class CheckpointInput {
  private final PositionalParamSpec folder =
      PositionalParamSpec.builder()
          .required(true)
          .paramLabel("CKPT")
          .type(Path.class)
          .converters(new PathConverter())
          .description("The checkpoint: the store's folder and the name, as ckpt/at-1000000.")
          .build();

  public void addTo(CommandSpec command) {
    command.addPositional(folder);
  }

  public Path path() {
    return folder.getValue();
  }

  /// Opens it.
  public Checkpoint open() throws IOException {
    return Checkpoint.open(path());
  }
}
