package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the host's kernel says of QEMU's first thread, which is the guest's.
///
/// @param umask the file mode creation mask
/// @param blockedSignals bit 0 for signal 1
/// @param pendingSignals of the thread and of the process
/// @param ignoredSignals those that QEMU was started with, and those that the guest has ignored
record HostStatus(int umask, long blockedSignals, long pendingSignals, long ignoredSignals) {
  static HostStatus read(int process) throws IOException {
    int umask = 0;
    long blocked = 0;
    long pending = 0;
    long ignored = 0;
    for (ProcField field : ProcField.read(Path.of("/proc/" + process + "/status"))) {
      String value = field.value();
      switch (field.name()) {
        case "Umask" -> umask = Integer.parseInt(value, 8);
        case "SigBlk" -> blocked = Long.parseUnsignedLong(value, 16);
        case "SigIgn" -> ignored = Long.parseUnsignedLong(value, 16);
        case "SigPnd", "ShdPnd" -> pending |= Long.parseUnsignedLong(value, 16);
        default -> {}
      }
    }
    return new HostStatus(umask, blocked, pending, ignored);
  }

  /// {@return the folder in which the process works}
  ///
  /// @throws CheckpointException if it was deleted
  static String workingDirectory(int process) throws IOException {
    String folder = Files.readSymbolicLink(Path.of("/proc/" + process + "/cwd")).toString();
    if (folder.endsWith(" (deleted)") && !Files.exists(Path.of(folder))) {
      throw new CheckpointException("its working directory was deleted: " + folder);
    }
    return folder;
  }

  /// {@return what the process is called, up to 15 bytes}
  static String name(int process) throws IOException {
    return Files.readString(Path.of("/proc/" + process + "/comm")).stripTrailing();
  }
}
