package dev.cairn.cli;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StandardStreams;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Counts what a program executes.
@Command(name = "stat", description = "Counts what a program executes, like perf stat.")
final class StatCommand implements Callable<Integer> {
  @Mixin private GuestOptions guest = new GuestOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public Integer call() throws Exception {
    output.check();
    CaptureResult result;
    try (ProgressLine progress = output.progress(0)) {
      result =
          GuestRun.of(
              guest.command(),
              StandardStreams.INHERITED,
              Observation.Streaming.everything(),
              progress);
    }
    output.errors().println(result);
    return ExitStatus.of(result.end());
  }
}
