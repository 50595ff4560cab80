package dev.cairn.cli;

import picocli.CommandLine.Option;

/// How long a core is warmed up before it is measured.
final class WarmupOption {
  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "10M",
      converter = CountConverter.class,
      description =
          "Instructions that warm the core up before what is measured (default: ${DEFAULT-VALUE}).")
  private long instructions;

  /// {@return the warm-up, 0 or more}
  long instructions() {
    return instructions;
  }
}
