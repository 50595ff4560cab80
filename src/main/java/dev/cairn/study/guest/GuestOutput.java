package dev.cairn.study.guest;

import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StandardStreams.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a guest's standard output and errors are in the runs of a study: shown in the first run,
/// thrown away in those after, and always of the same kind, so that the runs are alike.
public final class GuestOutput {
  private GuestOutput() {}

  /// {@return the streams of the run whose output is passed through}
  ///
  /// A terminal gets the output through a pipe, since later runs can be given no terminal.
  ///
  /// @param input what the guest reads, or null for this process's own
  /// @param output this process's standard output
  /// @param errors this process's standard error
  public static StandardStreams shown(
      @Nullable Path input, OutputStream output, OutputStream errors) {
    return new StandardStreams(input, shown(1, output), shown(2, errors));
  }

  /// {@return the streams of a run whose output nobody wants}
  ///
  /// @param folder where a file stands in for a file
  public static StandardStreams silent(@Nullable Path input, Path folder) {
    return new StandardStreams(input, silent(1, folder), silent(2, folder));
  }

  private static Output shown(int descriptor, OutputStream own) {
    return isTerminal(target(descriptor)) ? new Output.Piped(own) : new Output.Inherited();
  }

  private static Output silent(int descriptor, Path folder) {
    String target = target(descriptor);
    if (isTerminal(target) || target.startsWith("pipe:") || target.startsWith("socket:")) {
      return new Output.Piped(null);
    }
    return Files.isRegularFile(Path.of("/proc/self/fd/" + descriptor))
        ? new Output.ToFile(folder.resolve(descriptor == 1 ? ".output" : ".errors"))
        : new Output.Discarded();
  }

  /// Removes the files that stood in for files.
  public static void clean(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(".output"));
    Files.deleteIfExists(folder.resolve(".errors"));
  }

  private static boolean isTerminal(String target) {
    return target.startsWith("/dev/") && !target.equals("/dev/null");
  }

  private static String target(int descriptor) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
    } catch (IOException e) {
      return ""; // closed
    }
  }
}
