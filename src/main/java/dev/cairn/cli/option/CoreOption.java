package dev.cairn.cli.option;

import dev.cairn.timing.CoreConfiguration;
import dev.cairn.timing.CoreFile;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Which core instructions are timed on.
public final class CoreOption {
  private final OptionSpec core =
      OptionSpec.builder("--core")
          .paramLabel("NAME|FILE")
          .type(String.class)
          .defaultValue("cortex-a55")
          .description(
              "A preset's name or a core file, see docs/core-file.md (default: ${DEFAULT-VALUE}).")
          .build();

  public void addTo(CommandSpec command) {
    command.addOption(core);
  }

  public CoreConfiguration open() throws IOException {
    return CoreFile.open(core.<String>getValue());
  }
}
