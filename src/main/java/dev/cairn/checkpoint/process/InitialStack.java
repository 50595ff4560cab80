package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.ProcessStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What lies on the stack before a process's first instruction: the number of arguments, their
/// addresses and 0, the addresses of the variables and 0, the auxiliary vector.
final class InitialStack {
  private static final int STREAMS = 3;

  private InitialStack() {}

  /// Reads how a process was started.
  ///
  /// @param process QEMU's number
  static ProcessStart read(int process, Path executable, ProcessMemory memory, long stackPointer)
      throws IOException {
    long at = stackPointer + 8 * (memory.doubleword(stackPointer) + 2);
    List<String> environment = new ArrayList<>();
    for (long text = memory.doubleword(at); text != 0; text = memory.doubleword(at)) {
      environment.add(memory.text(text));
      at += 8;
    }
    at += 8;
    List<ProcessStart.Auxiliary> auxiliary = new ArrayList<>();
    for (long kind = memory.doubleword(at); kind != 0; kind = memory.doubleword(at)) {
      auxiliary.add(new ProcessStart.Auxiliary(kind, memory.doubleword(at + 8)));
      at += 16;
    }
    Path folder = Path.of("/proc/" + process);
    List<String> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      Path stream = folder.resolve("fd/" + i);
      streams.add(Files.isSymbolicLink(stream) ? Files.readSymbolicLink(stream).toString() : "");
    }
    return new ProcessStart(
        executable.toRealPath().toString(),
        Files.readSymbolicLink(folder.resolve("cwd")).toString(),
        streams,
        environment,
        stackPointer,
        auxiliary);
  }
}
