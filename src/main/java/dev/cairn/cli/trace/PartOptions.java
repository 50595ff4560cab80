package dev.cairn.cli.trace;

import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.trace.TraceManifest;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Which part of a trace is meant.
final class PartOptions {
  private final OptionSpec from =
      OptionSpec.builder("--from")
          .paramLabel("N")
          .type(Long.class)
          .defaultValue("0")
          .converters(new CountConverter())
          .description(
              "Begin with this instruction of each thread, counted from 0 (default:"
                  + " ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec length =
      OptionSpec.builder("--length")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .description("Instructions of each thread (default: up to the end).")
          .build();

  private final OptionSpec thread =
      OptionSpec.builder("--thread")
          .paramLabel("N")
          .type(Integer.class)
          .description("Only this thread: 0 the first, then in order of creation (default: all).")
          .build();

  void addTo(CommandSpec command) {
    command.addOption(from).addOption(length).addOption(thread);
  }

  void check(OutputOptions output) {
    Long instructions = length.getValue();
    if (instructions != null && instructions < 1) {
      throw new ParameterException(
          output.commandLine(), "--length must be at least 1: " + instructions);
    }
    Integer only = thread.getValue();
    if (only != null && only < 0) {
      throw new ParameterException(output.commandLine(), "--thread must not be negative: " + only);
    }
  }

  long from() {
    return from.<Long>getValue();
  }

  long until() {
    Long instructions = length.getValue();
    long first = from();
    return instructions == null || first > Long.MAX_VALUE - instructions
        ? Long.MAX_VALUE
        : first + instructions;
  }

  int thread() {
    Integer only = thread.getValue();
    return only == null ? TraceManifest.ALL_THREADS : only;
  }
}
