package dev.cairn.checkpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a process was started, as its stack and the host said before its first instruction.
///
/// @param executable the file of the program, as the host names it
/// @param workingDirectory where it began; null if that is not known
/// @param streams what its standard streams were: `/proc/PID/fd/0` to `2`, empty for closed ones
/// @param environment `NAME=VALUE` in the order of the stack
/// @param stackPointer where the number of arguments lies, with the arguments, the environment and
///   the auxiliary vector above
/// @param auxiliary the auxiliary vector without its end
public record ProcessStart(
    String executable,
    @Nullable String workingDirectory,
    List<String> streams,
    List<String> environment,
    long stackPointer,
    List<Auxiliary> auxiliary) {
  /// What the kernel says of something, as `AT_PHDR` or `AT_RANDOM`.
  public record Auxiliary(long kind, long value) {}

  public ProcessStart {
    streams = List.copyOf(streams);
    environment = List.copyOf(environment);
    auxiliary = List.copyOf(auxiliary);
  }

  /// {@return a value of the auxiliary vector; 0 if it has none of the kind}
  public long auxiliary(long kind) {
    for (Auxiliary each : auxiliary) {
      if (each.kind() == kind) {
        return each.value();
      }
    }
    return 0;
  }
}
