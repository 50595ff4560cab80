package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// A command that the launcher, `./cairn`, does by itself; here for help, hints and completion.
final class LauncherCommand implements Callable<Integer> {
  private final String description;

  LauncherCommand(String description) {
    this.description = description;
  }

  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage().description(description);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException {
    throw new CaptureException("this command is the launcher's: start Cairn by ./cairn");
  }
}
