package dev.cairn.cli.option;

import dev.cairn.timing.CoreConfiguration;
import dev.cairn.timing.CoreFile;
import java.io.IOException;
import picocli.CommandLine.Option;

/// Which core instructions are timed on.
public final class CoreOption {
  @Option(
      names = "--core",
      paramLabel = "NAME|FILE",
      defaultValue = "cortex-a55",
      description =
          "A preset's name or a core file, see docs/core-file.md (default: ${DEFAULT-VALUE}).")
  private String core = "";

  public CoreConfiguration open() throws IOException {
    return CoreFile.open(core);
  }
}
