package dev.cairn.checkpoint.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the host's kernel says of QEMU's first thread, which is the guest's.
///
/// @param umask the file mode creation mask
/// @param blockedSignals bit 0 for signal 1
/// @param pendingSignals of the thread and of the process
record HostStatus(int umask, long blockedSignals, long pendingSignals) {
  static HostStatus read(int process) throws IOException {
    int umask = 0;
    long blocked = 0;
    long pending = 0;
    for (String line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
      String[] field = line.split(":\\s*", 2);
      switch (field[0]) {
        case "Umask" -> umask = Integer.parseInt(field[1], 8);
        case "SigBlk" -> blocked = Long.parseUnsignedLong(field[1], 16);
        case "SigPnd", "ShdPnd" -> pending |= Long.parseUnsignedLong(field[1], 16);
        default -> {}
      }
    }
    return new HostStatus(umask, blocked, pending);
  }

  /// {@return what the process is called, up to 15 bytes}
  static String name(int process) throws IOException {
    return Files.readString(Path.of("/proc/" + process + "/comm")).stripTrailing();
  }
}
