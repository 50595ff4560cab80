package dev.cairn.cli.checkpoint;

import dev.cairn.cli.option.PathConverter;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The store that a command looks at.
final class StoreInput {
  private final PositionalParamSpec folder =
      PositionalParamSpec.builder()
          .required(true)
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .description("The folder of checkpoints.")
          .build();

  void addTo(CommandSpec command) {
    command.addPositional(folder);
  }

  Path path() {
    return folder.getValue();
  }
}
