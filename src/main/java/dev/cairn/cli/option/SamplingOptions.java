package dev.cairn.cli.option;

import dev.cairn.sampling.SelectionOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The options of every command that chooses regions: how many, and by which random numbers.
public final class SamplingOptions {
  /// With one region, no error could be known.
  private static final int FEWEST_REGIONS = 2;

  private final OptionSpec maxRegions =
      OptionSpec.builder("--max-regions")
          .paramLabel("K")
          .type(Integer.class)
          .defaultValue("" + SelectionOptions.DEFAULT_MAX_REGIONS)
          .description("Intervals measured at most, 2 or more (default: ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec seed =
      OptionSpec.builder("--seed")
          .paramLabel("N")
          .type(Long.class)
          .defaultValue("1")
          .description(
              "Of everything random; the same seed gives the same bytes (default:"
                  + " ${DEFAULT-VALUE}).")
          .build();

  public void addTo(CommandSpec command) {
    command.addOption(maxRegions).addOption(seed);
  }

  /// {@return how many intervals may be measured, at least 2}
  public int maxRegions() {
    check();
    return maxRegions.<Integer>getValue();
  }

  /// Makes sure that an error can be known.
  public void check() {
    int most = maxRegions.<Integer>getValue();
    if (most < FEWEST_REGIONS) {
      throw new ParameterException(
          maxRegions.command().commandLine(),
          "--max-regions must be at least %d, or no error can be known: %d"
              .formatted(FEWEST_REGIONS, most));
    }
  }

  /// {@return the seed of everything random}
  public long seed() {
    return seed.<Long>getValue();
  }
}
