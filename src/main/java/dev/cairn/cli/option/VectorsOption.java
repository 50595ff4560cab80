package dev.cairn.cli.option;

import dev.cairn.profile.vector.VectorKind;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The option that says which kinds of vectors are meant.
public final class VectorsOption {
  private final OptionSpec vectors;

  /// @param label as "KIND"
  public VectorsOption(String label, String description) {
    vectors =
        OptionSpec.builder("--vectors")
            .paramLabel(label)
            .type(String.class)
            .defaultValue(name(VectorKind.BLOCKS))
            .description(description)
            .build();
  }

  public void addTo(CommandSpec command) {
    command.addOption(vectors);
  }

  private static String name(VectorKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /// {@return the kinds, named with commas between}
  public Set<VectorKind> kinds() {
    Set<VectorKind> kinds = EnumSet.noneOf(VectorKind.class);
    for (String asked : vectors.<String>getValue().split(",", -1)) {
      kinds.add(kind(asked));
    }
    return kinds;
  }

  /// {@return the one kind}
  public VectorKind kind() {
    return kind(vectors.getValue());
  }

  private VectorKind kind(String asked) {
    for (VectorKind kind : VectorKind.values()) {
      if (name(kind).equals(asked)) {
        return kind;
      }
    }
    throw new ParameterException(
        vectors.command().commandLine(),
        "--vectors %s: no such kind; there are blocks, functions, loops".formatted(asked));
  }
}
