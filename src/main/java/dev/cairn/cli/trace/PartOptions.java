package dev.cairn.cli.trace;

import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.trace.TraceManifest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Which part of a trace is meant.
final class PartOptions {
  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "0",
      converter = CountConverter.class,
      description =
          "Begin with this instruction of each thread, counted from 0 (default:"
              + " ${DEFAULT-VALUE}).")
  private long from;

  @Option(
      names = "--length",
      paramLabel = "N",
      converter = CountConverter.class,
      description = "Instructions of each thread (default: up to the end).")
  private @Nullable Long length;

  @Option(
      names = "--thread",
      paramLabel = "N",
      description = "Only this thread: 0 the first, then in order of creation (default: all).")
  private @Nullable Integer thread;

  void check(OutputOptions output) {
    if (length != null && length < 1) {
      throw new ParameterException(output.commandLine(), "--length must be at least 1: " + length);
    }
    if (thread != null && thread < 0) {
      throw new ParameterException(
          output.commandLine(), "--thread must not be negative: " + thread);
    }
  }

  long from() {
    return from;
  }

  long until() {
    return length == null || from > Long.MAX_VALUE - length ? Long.MAX_VALUE : from + length;
  }

  int thread() {
    return thread == null ? TraceManifest.ALL_THREADS : thread;
  }
}
