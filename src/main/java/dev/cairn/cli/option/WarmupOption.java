package dev.cairn.cli.option;

import picocli.CommandLine.Option;

/// How long a core is warmed up before it is measured.
public final class WarmupOption {
  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "10M",
      converter = CountConverter.class,
      description =
          "Instructions that warm the core up before what is measured (default: ${DEFAULT-VALUE}).")
  private long instructions;

  /// {@return the warm-up, 0 or more}
  public long instructions() {
    return instructions;
  }
}
