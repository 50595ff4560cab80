package dev.cairn.cli.option;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The options of [ScopeOptions] where they cannot be: not shown, and refused with the reason.
public final class NoScopeOptions {
  private final List<OptionSpec> options =
      Map.of("--between", "MARKER", "--from", "PLACE", "--until", "PLACE").entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .map(option ->
              OptionSpec.builder(option.getKey())
                  .paramLabel(option.getValue())
                  .type(String.class)
                  .hidden(true)
                  .build())
          .toList();

  public void addTo(CommandSpec command) {
    options.forEach(command::addOption);
  }

  /// Fails if one was given.
  ///
  /// @param reason what cannot be, and what can
  public void check(String reason) {
    for (OptionSpec option : options) {
      if (option.getValue() != null) {
        throw new ParameterException(
            option.command().commandLine(), option.longestName() + ": " + reason);
      }
    }
  }
}
