package dev.cairn.cli.option;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// How long a core is warmed up before it is measured.
public final class WarmupOption {
  private final OptionSpec instructions =
      OptionSpec.builder("--warmup")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .defaultValue("10M")
          .description(
              "Instructions that warm the core up before what is measured (default:"
                  + " ${DEFAULT-VALUE}).")
          .build();

  public void addTo(CommandSpec command) {
    command.addOption(instructions);
  }

  /// {@return the warm-up, 0 or more}
  public long instructions() {
    return instructions.<Long>getValue();
  }
}
