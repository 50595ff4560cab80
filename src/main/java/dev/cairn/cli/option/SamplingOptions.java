package dev.cairn.cli.option;

import dev.cairn.sampling.SelectionOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of every command that chooses regions: how many, and by which random numbers.
public final class SamplingOptions {
  /// With one region, no error could be known.
  private static final int FEWEST_REGIONS = 2;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--max-regions",
      paramLabel = "K",
      defaultValue = "" + SelectionOptions.DEFAULT_MAX_REGIONS,
      description = "Intervals measured at most, 2 or more (default: ${DEFAULT-VALUE}).")
  private int maxRegions;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Of everything random; the same seed gives the same bytes (default: ${DEFAULT-VALUE}).")
  private long seed;

  /// {@return how many intervals may be measured, at least 2}
  public int maxRegions() {
    if (maxRegions < FEWEST_REGIONS) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--max-regions must be at least %d, or no error can be known: %d"
              .formatted(FEWEST_REGIONS, maxRegions));
    }
    return maxRegions;
  }

  /// {@return the seed of everything random}
  public long seed() {
    return seed;
  }
}
