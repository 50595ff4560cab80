package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// The commands that the launcher, `./cairn`, does by itself; here for help, hints and completion.
final class LauncherCommands {
  private LauncherCommands() {}

  private static int onlyByTheLauncher() throws CaptureException {
    throw new CaptureException("this command is the launcher's: start Cairn by ./cairn");
  }

  /// A whole study of a real program, from nothing.
  @Command(
      name = "demo",
      description = "Fetches Debian's arm64 xz and studies it; see 'cairn demo --help'.")
  static final class Demo implements Callable<Integer> {
    @Override
    public Integer call() throws CaptureException {
      return onlyByTheLauncher();
    }
  }

  /// What is there, what is missing, and what mends it.
  @Command(
      name = "doctor",
      description = "Says what Cairn needs, what is missing here, and what mends it.")
  static final class Doctor implements Callable<Integer> {
    @Override
    public Integer call() throws CaptureException {
      return onlyByTheLauncher();
    }
  }
}
